import PluginAPI

/// Form fields as bodies and queries.
enum FormBody {
    static let contentType = "application/x-www-form-urlencoded"

    static func encode(_ fields: [(key: String, value: String)]) -> String {
        fields.map { "\($0.key.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }
}
