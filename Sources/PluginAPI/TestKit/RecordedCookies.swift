/// The cookies of one instance, as far as recordings need them: by host, path and expiry are not looked at.
struct RecordedCookies {
    private var values: [String: [(name: String, value: String)]] = [:]

    func add(to request: inout ServiceRequest) {
        guard let cookies = values[request.authority], !cookies.isEmpty else { return }
        let text = cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
        request.headers.append(HeaderField("Cookie", text))
    }

    mutating func keep(_ response: ServiceResponse, of request: ServiceRequest) {
        for field in response.headers where field.name.lowercased() == "set-cookie" {
            let pair = field.value.prefix { $0 != ";" }
            guard let separator = pair.firstIndex(of: "=") else { continue }
            let name = String(pair[..<separator])
            let value = String(pair[pair.index(after: separator)...])
            values[request.authority, default: []].removeAll { $0.name == name }
            if !value.isEmpty { values[request.authority, default: []].append((name, value)) }
        }
    }
}

extension ServiceRequest {
    /// Host and port as they stand in the URL.
    fileprivate var authority: String {
        String(url.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" && $0 != "?" })
    }
}
