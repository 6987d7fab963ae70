/// What is stored for an instance; the names are the keys of the form's fields.
struct MediaServerSettings: Codable, Sendable {
    var service: String
    var host: String
    var port: Double?
    var tls: Bool
    var urlBase: String?
    var apiKey: String
    var pathMappings: [String: String]?
    var libraryPath: String?
    var events: [String]?
    var mediaTypes: [String]?
    var joinSeconds: Double
    var verifyCertificate: Bool
    var timeoutSeconds: Double
}
