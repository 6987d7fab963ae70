import FoundationEssentials

/// A program with a web interface: how requests to it look, and what its failures mean in words.
///
/// It knows no session. The fields that its errors name are `host`, `port`, `tls`, `urlBase` and `verifyCertificate`.
public struct ServiceEndpoint: Sendable {
    /// What the program is called, for example "Transmission".
    public let product: String
    /// What has to be switched on in it, for example "its Web UI".
    public let interface: String
    /// Where it is.
    public let address: ServiceAddress
    /// Seconds for one request.
    public var timeoutSeconds = 15
    /// Whether a certificate that nobody vouches for is refused.
    public var verifiesCertificate = true

    let host: any HostServices

    /// A program at `address`, to which requests go through `host`.
    public init(product: String, interface: String, address: ServiceAddress, host: any HostServices) {
        self.product = product
        self.interface = interface
        self.address = address
        self.host = host
    }

    /// "Transmission at 127.0.0.1:9091", for messages.
    public var name: String { "\(product) at \(address.authority)" }

    /// A request without a session.
    ///
    /// Cookies are left to the plugin, so that a test of the connection can begin without any. Redirects are not
    /// followed: they would carry the password to an address that nobody has entered.
    ///
    /// - Parameter path: follows the base of the address, and may hold a query.
    public func request(_ method: String, _ path: String) -> ServiceRequest {
        var request = ServiceRequest(method, address.base + path)
        request.timeout = timeoutSeconds * 1000
        request.followsRedirects = false
        request.usesCookies = false
        request.verifiesCertificate = verifiesCertificate
        return request
    }

    /// Sends a request; failures of the transport get words that name this program.
    ///
    /// - Throws: `PluginError`, also for a redirect.
    public func exchange(_ request: ServiceRequest) async throws -> ServiceResponse {
        let response: ServiceResponse
        do {
            response = try await host.send(request)
        } catch let error as PluginError {
            throw explain(error)
        }
        guard (300..<400).contains(response.status) else { return response }
        throw PluginError(
            .badResponse,
            """
            \(name) answers with a redirect\(target(of: response)). Enter the address that it redirects to: \
            check host, port, HTTPS and URL base.
            """,
            field: "host"
        )
    }

    private func target(of response: ServiceResponse) -> String {
        // Queries can hold secrets.
        response.header("Location").map { " to \($0.prefix { $0 != "?" })" } ?? ""
    }

    private func explain(_ error: PluginError) -> PluginError {
        error.naming(
            name,
            waited: timeoutSeconds,
            unreachable: .init("\(interface.capitalizedFirst) has to be on as well. \(tlsHint)", field: "host"),
            // Some that do not speak TLS wait for ever for a request that they understand.
            slow: .init("It hangs, or has too much to do." + (address.usesTLS ? " " + tlsHint : "")),
            unusable: .init(tlsHint, field: "tls")
        )
    }

    private var tlsHint: String {
        address.usesTLS
            ? "If \(interface) does not use HTTPS, turn HTTPS off." : "If \(interface) uses HTTPS, turn HTTPS on."
    }
}

extension String {
    /// The same with a capital letter at its begin.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
