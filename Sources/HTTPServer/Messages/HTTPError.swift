/// Why one field of a request was refused, in words for the person who filled it in.
package struct FieldError: Sendable, Equatable {
    /// The name or the path of the field, such as `page` or `settings.port`.
    package let field: String
    /// What is wrong with it and what would be right.
    package let message: String

    /// Names a field and what is wrong with it.
    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// A request that cannot be answered as asked; the router renders it in the style of its API.
package struct HTTPError: Error, Sendable {
    /// The status of the answer.
    package var status: HTTPStatus
    /// A stable word for programs, such as `NOT_FOUND`.
    package var code: String
    /// What went wrong and what to do, for people.
    package var message: String
    /// One entry for each field that was refused.
    package var fields: [FieldError]
    /// Extra header fields of the answer, such as Retry-After.
    package var headers: HTTPHeaders

    /// Creates an error; without `code` the usual word for the status is taken.
    package init(
        _ status: HTTPStatus,
        code: String? = nil,
        _ message: String,
        fields: [FieldError] = [],
        headers: HTTPHeaders = [:]
    ) {
        self.status = status
        self.code = code ?? Self.word(for: status)
        self.message = message
        self.fields = fields
        self.headers = headers
    }

    /// 400 `VALIDATION_ERROR`: the message lists every field, so that a person can mend all at once.
    package static func validation(_ fields: [FieldError]) -> HTTPError {
        let words = fields.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
        return HTTPError(.badRequest, code: "VALIDATION_ERROR", words, fields: fields)
    }

    /// 400 `VALIDATION_ERROR` for one field.
    package static func validation(_ field: String, _ message: String) -> HTTPError {
        validation([FieldError(field, message)])
    }

    /// 404 `NOT_FOUND`.
    package static func notFound(_ message: String) -> HTTPError {
        HTTPError(.notFound, message)
    }

    private static func word(for status: HTTPStatus) -> String {
        switch status {
        case .badRequest: "BAD_REQUEST"
        case .unauthorized: "UNAUTHORIZED"
        case .forbidden: "FORBIDDEN"
        case .notFound: "NOT_FOUND"
        case .methodNotAllowed: "METHOD_NOT_ALLOWED"
        case .conflict: "CONFLICT"
        case .gone: "GONE"
        case .preconditionFailed: "PRECONDITION_FAILED"
        case .payloadTooLarge: "PAYLOAD_TOO_LARGE"
        case .unsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE"
        case .rangeNotSatisfiable: "RANGE_NOT_SATISFIABLE"
        case .unprocessable: "UNPROCESSABLE"
        case .tooManyRequests: "TOO_MANY_REQUESTS"
        case .headerFieldsTooLarge: "HEADERS_TOO_LARGE"
        case .internalServerError: "INTERNAL_ERROR"
        case .serviceUnavailable: "SERVICE_UNAVAILABLE"
        default: "HTTP_\(status.code)"
        }
    }
}
