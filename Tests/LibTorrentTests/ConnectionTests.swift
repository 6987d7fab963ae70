import Glibc
import PluginAPI
import Testing

@testable import LibTorrent

struct ConnectionTests {
    private let scratch = Scratch()

    private func report(_ change: (inout LibTorrentSettings) -> Void = { _ in }) async -> ConnectionReport {
        var settings = LibTorrentSettings()
        (settings.listenAddress, settings.listenPort) = ("127.0.0.1", 0)
        change(&settings)
        return await ClientTest(settings: settings, host: RecordedHost(folders: scratch.folders)).run()
    }

    private func failed(_ report: ConnectionReport) -> [ConnectionReport.Check] { report.checks.filter { !$0.ok } }

    @Test("finds nothing wrong with a folder that can be written and a port that is free")
    func fine() async {
        let report = await report()
        #expect(failed(report) == [])
        #expect(report.savePath == scratch.folders.downloads)
        #expect(report.version?.hasPrefix("2.0.") == true)
    }

    @Test("names the folder that cannot be made")
    func folder() async {
        let check = failed(await report { $0.savePath = "/proc/films" }).first
        #expect(check?.field == "savePath")
        #expect(check?.message?.contains("/proc/films") == true)
    }

    @Test("checks the folder for unfinished downloads too")
    func incomplete() async {
        let check = failed(await report { $0.incompletePath = "/proc/films" }).first
        #expect(check?.field == "incompletePath")
    }

    @Test("tells a port of its own from one that is taken, and leaves the other one free")
    func port() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bare in
                _ = bind(listener, bare, size)
                _ = listen(listener, 1)
                _ = getsockname(listener, bare, &size)
            }
        }
        let port = Int(UInt16(bigEndian: address.sin_port))
        let check = await report { $0.listenPort = port }.checks.last
        #expect(check?.ok == true)
        #expect(check?.message?.contains("listens on it already") == true)
    }

    @Test("warns of magnets that find nobody")
    func warning() async {
        let report = await report { ($0.dht, $0.peerExchange, $0.localDiscovery) = (false, false, false) }
        #expect(report.warnings.map(\.code).contains("trackers_only"))
    }
}
