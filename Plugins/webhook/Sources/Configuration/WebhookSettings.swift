/// What is stored for an instance; the names are the keys of the form's fields.
struct WebhookSettings: Codable, Sendable {
    var format: String
    var url: String
    var method: String
    var template: String?
    var contentType: String
    var headers: [String: String]?
    var apiKey: String?
    var apiKeyHeader: String
    var signingSecret: String?
    var sender: String
    var priority: Double
    var tag: String?
    var addresses: String?
    var events: [String]?
    var mediaTypes: [String]?
    var verifyCertificate: Bool
    var timeoutSeconds: Double
}
