import PluginAPI

/// Which headers may be set by hand.
enum HeaderRules {
    /// Those that belong to the connection, and that would make two out of one request.
    private static let reserved: Set<String> = [
        "connection", "content-length", "content-type", "expect", "host", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    static func check(_ settings: WebhookSettings) throws(PluginError) {
        for (name, value) in settings.headers ?? [:] {
            try check(name: name, field: "headers")
            guard isValue(value) else {
                throw PluginError(
                    .invalid,
                    "The value of the header \(name) has a line break or control character.",
                    field: "headers"
                )
            }
        }
        try check(name: settings.apiKeyHeader, field: "apiKeyHeader")
        guard isValue(settings.apiKey ?? "") else {
            throw PluginError(.invalid, "The token has a line break or control character.", field: "apiKey")
        }
        guard isValue(settings.contentType), settings.contentType.contains("/") else {
            throw PluginError(.invalid, "A content type is for example application/json.", field: "contentType")
        }
    }

    private static func check(name: String, field: String) throws(PluginError) {
        let marks = "!#$%&'*+-.^_`|~".utf8
        let isToken = name.utf8.allSatisfy { byte in
            byte < 128 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
                || marks.contains(byte)
        }
        guard !name.isEmpty, isToken else {
            throw PluginError(.invalid, "“\(name)” is no name of a header.", field: field)
        }
        guard !reserved.contains(name.lowercased()) else {
            throw PluginError(.invalid, "The header \(name) is set by the server itself.", field: field)
        }
    }

    private static func isValue(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\t" }
    }
}
