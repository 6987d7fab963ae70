/// The cookies of one session, kept by the plugin itself so that a test of the connection can begin without any.
///
/// By path and expiry are not looked at: everything goes to one program.
public struct SessionCookies: Sendable {
    private var pairs: [(name: String, value: String)] = []

    /// No cookies.
    public init() {}

    /// The value for the `Cookie` header; `nil` when there is none.
    public var header: String? {
        pairs.isEmpty ? nil : pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    /// Keeps what an answer sets; an empty value removes the cookie.
    public mutating func keep(_ response: ServiceResponse) {
        for field in response.headers where field.name.lowercased() == "set-cookie" {
            let pair = field.value.prefix { $0 != ";" }
            guard let separator = pair.firstIndex(of: "="), separator > pair.startIndex else { continue }
            let name = String(pair[..<separator])
            let value = String(pair[pair.index(after: separator)...])
            pairs.removeAll { $0.name == name }
            if !value.isEmpty { pairs.append((name, value)) }
        }
    }
}
