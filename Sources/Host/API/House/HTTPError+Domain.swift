import HTTPServer
import PluginAPI
import SQLite

extension HTTPError {
    /// The answer to an error of the domain; any other error as it is.
    static func translate(_ error: any Error) -> any Error {
        switch error {
        case let error as QueueError: HTTPError(error)
        case let error as SearchError: HTTPError(error)
        case let error as PluginError: HTTPError(error)
        case let error as MetadataFailure: HTTPError(error)
        case let error as PictureFailure: HTTPError(error)
        case let error as SettingsRefusal: HTTPError(error)
        case let error as PluginActionError: HTTPError(error)
        case let error as SQLiteError where error.isFull:
            HTTPError(
                .insufficientStorage,
                code: "DISK_FULL",
                "The disk with the data folder is full; make some room."
            )
        default: error
        }
    }

    init(_ error: PluginActionError) {
        switch error {
        case .unknown: self.init(.notFound, code: "NOT_FOUND", error.message)
        case .senseless: self.init(.conflict, code: "CONFLICT", error.message)
        }
    }

    init(_ failure: MetadataFailure) {
        switch failure {
        case .noProvider: self.init(.unprocessable, code: "NO_METADATA_PROVIDER", failure.message)
        case .notFound: self.init(.notFound, code: "NOT_FOUND", failure.message)
        case .failed(let problems):
            // There is at least one, and the first is that of the provider that is preferred.
            self.init(problems[0].error)
            message = failure.message
        }
    }

    init(_ failure: PictureFailure) {
        switch failure {
        case .unknown: self.init(.notFound, code: "NOT_FOUND", failure.message)
        case .unavailable: self.init(.badGateway, code: "PICTURE_UNAVAILABLE", failure.message)
        case .notKept: self.init(.insufficientStorage, code: "PICTURE_NOT_KEPT", failure.message)
        }
    }

    init(_ refusal: SettingsRefusal) {
        self = .validation(refusal.fields.map { FieldError($0.name, $0.message) })
    }

    init(_ error: SearchError) {
        switch error {
        case .noIndexers:
            self.init(
                .unprocessable,
                code: "NO_INDEXER",
                "There is no enabled indexer to search at. Add one, or enable it."
            )
        case .noSuchIndexer(let id):
            self = .validation("indexers", "There is no enabled indexer with the id \(id).")
        case .noSuchRelease:
            self.init(
                .notFound,
                code: "RELEASE_UNKNOWN",
                "This release is not remembered any more: what a search has found is, for an hour. Search again."
            )
        case .indexer(let name, let error):
            self.init(error, of: name)
        }
    }

    init(_ error: QueueError) {
        switch error {
        case .noSuchItem(let id):
            self.init(.notFound, code: "NOT_FOUND", "There is no queue item with the id \(id).")
        case .noSuchClient(let id):
            self = .validation("downloadClientId", "There is no enabled download client with the id \(id).")
        case .noSuchTitle(let id, let kind):
            let field = kind == .series ? "seriesId" : "movieId"
            self = .validation(field, "There is no \(kind?.rawValue ?? "title") with the id \(id) in the library.")
        case .noClientTakes(let source):
            self.init(
                .unprocessable,
                code: "NO_DOWNLOAD_CLIENT",
                "No enabled download client takes a \(source.rawValue). Add one that does, or enable it."
            )
        case .blocked(let reason):
            self.init(.conflict, code: "BLOCKLISTED", "This release is on the blocklist: \(reason).")
        case .badSource(let message):
            self.init(.badRequest, code: "INVALID_SOURCE", message)
        case .client(let name, let error):
            self.init(error, of: name)
        case .retryRefused(let refusal):
            self.init(.conflict, code: refusal.rawValue, refusal.message)
        }
    }

    /// The answer when a plugin could not do what it was asked for.
    init(_ error: PluginError, of name: String? = nil) {
        let status: HTTPStatus =
            switch error.code.value {
            case .invalid, .unsupported: .badRequest
            case .conflict: .conflict
            case .timeout, .deadlineExceeded: .gatewayTimeout
            default: .badGateway
            }
        var headers = HTTPHeaders()
        if let seconds = error.retryDelay { headers.add("Retry-After", String(seconds)) }
        self.init(
            status,
            code: error.code.text.uppercased(),
            (name.map { "\($0): " } ?? "") + error.message,
            fields: error.field.map { [FieldError($0, error.message)] } ?? [],
            headers: headers
        )
    }
}
