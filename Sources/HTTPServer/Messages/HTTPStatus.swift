internal import CMicroHTTPD

/// The status code of a response (RFC 9110 section 15).
package struct HTTPStatus: Hashable, Sendable {
    /// The number on the wire, 100 to 999.
    package let code: Int

    /// Creates a status from any number; the well-known ones have names below.
    package init(_ code: Int) {
        self.code = code
    }

    package static let ok = HTTPStatus(200)
    package static let created = HTTPStatus(201)
    package static let accepted = HTTPStatus(202)
    package static let noContent = HTTPStatus(204)
    package static let partialContent = HTTPStatus(206)
    package static let notModified = HTTPStatus(304)
    package static let badRequest = HTTPStatus(400)
    package static let unauthorized = HTTPStatus(401)
    package static let forbidden = HTTPStatus(403)
    package static let notFound = HTTPStatus(404)
    package static let methodNotAllowed = HTTPStatus(405)
    package static let conflict = HTTPStatus(409)
    package static let gone = HTTPStatus(410)
    package static let preconditionFailed = HTTPStatus(412)
    package static let payloadTooLarge = HTTPStatus(413)
    package static let unsupportedMediaType = HTTPStatus(415)
    package static let rangeNotSatisfiable = HTTPStatus(416)
    package static let unprocessable = HTTPStatus(422)
    package static let tooManyRequests = HTTPStatus(429)
    package static let headerFieldsTooLarge = HTTPStatus(431)
    package static let internalServerError = HTTPStatus(500)
    package static let badGateway = HTTPStatus(502)
    package static let serviceUnavailable = HTTPStatus(503)
    package static let gatewayTimeout = HTTPStatus(504)
    package static let insufficientStorage = HTTPStatus(507)
}

extension HTTPStatus {
    /// The usual English phrase, "Unknown" for a number without one.
    package var reason: String {
        MHD_get_reason_phrase_for(UInt32(truncatingIfNeeded: code)).map { String(cString: $0) } ?? "Unknown"
    }
}
