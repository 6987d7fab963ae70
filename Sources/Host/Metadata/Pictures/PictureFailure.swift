import HTTPClient

/// Why a picture cannot be shown.
enum PictureFailure: Error, Sendable {
    /// No provider has named it, or it was named too long ago.
    case unknown
    /// The place that it comes from has none, in words.
    case unavailable(String)
    /// The picture cannot be kept, in words.
    case notKept(String)

    var message: String {
        switch self {
        case .unknown: "There is no such picture. Ask for its title again."
        case .unavailable(let reason): "The picture cannot be fetched: \(reason)"
        case .notKept(let reason): "The picture cannot be kept: \(reason)"
        }
    }

    init(_ error: HTTPClientError) {
        self = .unavailable(error.message)
    }
}
