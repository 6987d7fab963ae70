public import struct FoundationEssentials.Data

/// A way to an instance of a plugin: in this process, in a process of its own, or a value in a test.
public protocol PluginTransport: Sendable {
    /// Calls a method of the instance.
    ///
    /// - Parameters:
    ///   - method: the wire name, for example `download.add`.
    ///   - json: the parameters, a JSON object.
    ///   - attachment: raw bytes that belong to the parameters.
    ///   - deadline: how long to wait; then the call fails with `.deadlineExceeded` and the plugin is asked to give up.
    /// - Returns: the result, a JSON object, and raw bytes that belong to it.
    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?)
}

/// How long the host waits for an answer, by the weight of the call.
public struct CallDeadlines: Hashable, Sendable {
    /// `test`, which connects anew.
    public var test = Duration.seconds(20)
    /// `add`, which may fetch a large file or create a category.
    public var add = Duration.seconds(60)
    /// `inspect`, which reads pages of another site, and of a list many.
    public var inspect = Duration.seconds(60)
    /// Calls that list or search much: changes, files, search, fetch.
    public var list = Duration.seconds(30)
    /// All others.
    public var other = Duration.seconds(15)

    /// The deadlines that are meant for use.
    public init() {}
}
