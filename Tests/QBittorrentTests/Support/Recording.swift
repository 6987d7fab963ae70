import PluginAPI
import Testing

@testable import QBittorrent

/// A version of qBittorrent with the recording of its answers.
struct Recording: Sendable, CustomTestStringConvertible {
    let version: String
    let exchanges: RecordedExchanges

    var testDescription: String { version }

    /// The film of the recordings, in its three hash-named requests.
    static let film = "c1e5ba54fc427b4bdb818dc8d2645bb227b1f488"
    static let filmMagnet = "magnet:?xt=urn:btih:\(film)&dn=Night.of.the.Living.Dead.1968.720p.WEB.H264-RIG"

    static let v4 = Recording("4.5.2")
    static let v5 = Recording("5.1.4")
    static let v52 = Recording("5.2.3")
    static let all = [v4, v5, v52]

    private init(_ version: String) {
        self.version = version
        do {
            exchanges = try RecordedExchanges(sample: "qbittorrent-\(version).json")
        } catch {
            fatalError("The recording of \(version) cannot be read: \(error)")
        }
    }

    /// The JSON of the first torrent of a recorded list.
    func torrent(_ name: String) throws -> JSONValue {
        let body = try exchanges.exchange(name).response.body
        guard let first = body?.array?.first else { throw PluginError(.internal, "\(name) lists no torrent.") }
        return first
    }
}
