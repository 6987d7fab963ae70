import PluginAPI

/// What became of a search at one indexer: no result is another thing than no answer.
struct IndexerOutcome: Sendable, Equatable {
    enum Status: String, Sendable, CaseIterable {
        /// It has answered, perhaps with nothing.
        case ok
        /// It has not answered in time.
        case timeout
        /// It, or the way to it, has failed.
        case error
        /// It cannot look for what was asked.
        case unsupported
        /// It was not asked, for it has failed before and rests.
        case skipped
    }

    let id: String
    let name: String
    let status: Status
    /// Releases that it has given, those included that another one has too.
    var count = 0
    var milliseconds = 0
    /// The failure's code and words, without secrets.
    var code: String?
    var message: String?
    /// Seconds until it may be asked again, when that is known.
    var retryAfter: Int?

    init(_ indexer: Instance, _ status: Status) {
        id = indexer.id
        name = indexer.name
        self.status = status
    }

    init(_ indexer: Instance, _ error: PluginError) {
        self.init(indexer, Self.status(of: error))
        code = error.code.text
        message = error.message
        retryAfter = error.retryDelay
    }

    private static func status(of error: PluginError) -> Status {
        switch error.code.value {
        case .timeout, .deadlineExceeded: .timeout
        case .unsupported, .invalid: .unsupported
        default: .error
        }
    }
}
