/// A request method (RFC 9110 section 9, RFC 5789 for PATCH).
package enum HTTPMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    case trace = "TRACE"
    case connect = "CONNECT"
    /// Any method that this server does not know; no route can be registered for it.
    case other = "*"

    /// Recognises a method without making a string; methods are case-sensitive.
    init(_ text: UnsafePointer<CChar>) {
        self = Self.known.first { Self.matches(text, $0.text) }?.method ?? .other
    }

    private static let known: [(method: HTTPMethod, text: StaticString)] = [
        (.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.patch, "PATCH"), (.delete, "DELETE"),
        (.options, "OPTIONS"), (.trace, "TRACE"), (.connect, "CONNECT"),
    ]

    private static func matches(_ text: UnsafePointer<CChar>, _ name: StaticString) -> Bool {
        let expected = name.utf8Start
        for index in 0..<name.utf8CodeUnitCount where UInt8(bitPattern: text[index]) != expected[index] {
            return false
        }
        return text[name.utf8CodeUnitCount] == 0
    }
}
