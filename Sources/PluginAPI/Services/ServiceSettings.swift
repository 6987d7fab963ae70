/// Settings of a program with a web interface, under the keys that all such forms share.
///
/// A plugin's `Settings` conform to it, give their defaults, and call `readService(from:)` where they are decoded;
/// `ServiceEndpoint` is made of them.
public protocol ServiceSettings {
    /// Host name or IP address.
    var host: String { get set }
    /// 1 to 65535.
    var port: Int { get set }
    /// Whether the program, or the proxy in front of it, uses HTTPS.
    var tls: Bool { get set }
    /// The path at which a proxy offers the interface; empty for none.
    var urlBase: String { get set }
    /// Seconds for one request.
    var timeoutSeconds: Int { get set }
    /// Whether a certificate that nobody vouches for is refused.
    var verifyCertificate: Bool { get set }
}

private enum ServiceKeys: String, CodingKey {
    case host, port, tls, urlBase, timeoutSeconds, verifyCertificate
}

extension ServiceSettings {
    /// Takes over those of the protocol's values that are there; the others stay as they are.
    ///
    /// - Throws: what the decoder throws when the settings are no object.
    public mutating func readService(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: ServiceKeys.self)
        host = values.text(.host) ?? host
        port = values.whole(.port) ?? port
        tls = values.flag(.tls) ?? tls
        urlBase = values.text(.urlBase) ?? urlBase
        timeoutSeconds = values.whole(.timeoutSeconds) ?? timeoutSeconds
        verifyCertificate = values.flag(.verifyCertificate) ?? verifyCertificate
    }
}

extension ServiceAddress {
    /// The address that settings give.
    ///
    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    public init(_ settings: some ServiceSettings) throws {
        try self.init(host: settings.host, port: settings.port, tls: settings.tls, urlBase: settings.urlBase)
    }
}

extension ServiceEndpoint {
    /// The program at the address that settings give, to which requests go through `host`.
    ///
    /// - Throws: `PluginError` with `.invalid` and the field when host, port or URL base make no address.
    public init(
        product: String,
        interface: String,
        settings: some ServiceSettings,
        host: any HostServices
    ) throws {
        self.init(product: product, interface: interface, address: try ServiceAddress(settings), host: host)
        timeoutSeconds = settings.timeoutSeconds
        verifiesCertificate = settings.verifyCertificate
    }
}
