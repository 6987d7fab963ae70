import FoundationEssentials
import PluginAPI

/// One indexer: how requests to it look and what its failures mean.
struct IndexerServer: Sendable {
    /// Bytes of an answer of the API.
    static let largestAnswer = 16 << 20

    let address: IndexerAddress
    let settings: TorznabSettings
    let host: any HostServices
    let pace: RequestPace

    /// "The indexer at 127.0.0.1:9696", for messages.
    var name: String { "The indexer at \(address.authority)" }

    /// Asks the API and has `document` read what it answers.
    ///
    /// - Throws: `PluginError` in words for everything that is no such document.
    func ask(_ query: Query, for document: some IndexerDocument) async throws {
        var query = query
        if !settings.apiKey.isEmpty { query["apikey"] = settings.apiKey }
        let response = try await send(request("\(address.api)?\(query.text)", Self.largestAnswer), for: .search)
        try read(response, into: document)
    }

    /// A request of which no redirect is followed: it would carry the key to an address that nobody has entered.
    func request(_ url: String, _ largest: Int) -> ServiceRequest {
        var request = ServiceRequest("GET", url)
        request.timeout = settings.timeoutSeconds * 1000
        request.followsRedirects = false
        request.maxBytes = largest
        request.verifiesCertificate = settings.verifyCertificate
        return request
    }

    /// Sends a request when it is its turn; failures of the transport get words that name the indexer.
    func send(_ request: ServiceRequest, for purpose: RequestPace.Purpose) async throws -> ServiceResponse {
        try await pace.turn(for: purpose)
        do {
            return try await host.send(request)
        } catch let error as PluginError {
            throw error.naming(
                address.authority,
                waited: settings.timeoutSeconds,
                unreachable: .init("Check that the indexer runs, and the address.", field: "url")
            )
        }
    }

    /// Reads an answer of the API into `document`.
    private func read(_ response: ServiceResponse, into document: some IndexerDocument) throws {
        let reading = DocumentReading(document)
        do {
            try XMLReader.read(response.body, into: reading)
        } catch let error as IndexerFault {
            throw failure(error, response, of: .search)
        } catch {
            guard (200..<300).contains(response.status) else { throw failure(response, of: .search) }
            throw unreadable(response, error)
        }
        guard (200..<300).contains(response.status) else { throw failure(response, of: .search) }
    }
}
