/// Why a call to a plugin or to a host service failed, in terms that a person can act on.
public struct PluginError: Error, Hashable, Sendable, Codable {
    /// The kinds of failure.
    ///
    /// A list that may grow: test for the ones that you treat differently.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The settings or parameters do not make sense; `field` names the one at fault.
        case invalid
        /// The remote service refused the credentials.
        case unauthorized
        /// The remote service knows the caller but does not allow this.
        case forbidden
        /// The remote service does not have the thing that was named.
        case notFound = "not_found"
        /// It is there already.
        case conflict
        /// No connection: refused, no such host, or no route. Nothing was sent.
        case unreachable
        /// The answer was lost, or cannot be read: what was asked for may have been done.
        ///
        /// After an `add` the host offers the download to no other client then, and repeats the `add` at this one.
        case interrupted
        /// The remote service took too long.
        case timeout
        /// The remote service asks to slow down; `retryAfter` says for how long.
        case rateLimited = "rate_limited"
        /// The remote service answered with something else than its documentation says.
        case badResponse = "bad_response"
        /// The certificate of the remote service is not trusted.
        case untrusted
        /// This plugin or this version of the remote service cannot do it.
        case unsupported
        /// The remote service says that it failed, or that it is out of space or of service.
        case remoteFailure = "remote_failure"
        /// The caller's deadline passed.
        case deadlineExceeded = "deadline_exceeded"
        /// The caller gave up.
        case cancelled
        /// The plugin's process ended.
        case pluginCrashed = "plugin_crashed"
        /// A defect in the plugin or the host.
        case `internal`
    }

    /// The kind of failure.
    public var code: Open<Code>
    /// What went wrong and what to do about it.
    ///
    /// It is shown to users as it is and never holds a secret.
    public var message: String
    /// The key of the setting or parameter at fault.
    public var field: String?
    /// Seconds after which trying again makes sense, as the remote service has said: any number at all; key `retry_after`.
    public var retryAfter: Int?

    /// `retryAfter` as a wait that makes sense: from nothing to a day.
    public var retryDelay: Int? { retryAfter.map { min(max($0, 0), 86_400) } }

    /// A failure with words for the user.
    public init(_ code: Code, _ message: String, field: String? = nil, retryAfter: Int? = nil) {
        self.code = .known(code)
        self.message = message
        self.field = field
        self.retryAfter = retryAfter
    }

    private enum CodingKeys: String, CodingKey {
        case code, message, field
        case retryAfter = "retry_after"
    }
}

extension PluginError: CustomStringConvertible {
    /// Code and message, for a log.
    public var description: String { "\(code): \(message)" }
}
