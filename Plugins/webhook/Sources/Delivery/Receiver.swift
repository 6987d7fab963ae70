import FoundationEssentials
import PluginAPI

/// Sends requests to the address that the user has entered, and says in words what came of it.
struct Receiver: Sendable {
    let address: ReceiverAddress
    let settings: WebhookSettings
    let host: any HostServices

    /// Answers are short; what is longer is not read to its end.
    private static let longestAnswer = 1 << 20

    /// A request with the settings that all have.
    ///
    /// Redirects are not followed: they would carry secrets to an address that nobody has entered.
    func request(_ method: String, _ url: String) -> ServiceRequest {
        var request = ServiceRequest(method, url)
        request.timeout = Int(settings.timeoutSeconds * 1000)
        request.followsRedirects = false
        request.usesCookies = false
        request.maxBytes = Self.longestAnswer
        request.verifiesCertificate = settings.verifyCertificate
        request.headers = [HeaderField("User-Agent", "Kinodock")]
        return request
    }

    /// - Throws: `PluginError` for every answer but one of success.
    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        let response: ServiceResponse
        do {
            response = try await host.send(request)
        } catch let error as PluginError {
            throw error.naming(
                name,
                waited: Int(settings.timeoutSeconds),
                unreachable: .init("Check that it runs, and the address.", field: "url"),
                unusable: .init("Check the address.", field: "url")
            )
        }
        if let failure = AnswerFailure(response, name, at: host.now).error { throw failure }
        return response
    }

    /// What messages call the receiver: never the path, which may be as good as a password.
    ///
    /// Without the scheme, for an address that is no more than that would be taken for the secret itself.
    var name: String { address.authority }
}
