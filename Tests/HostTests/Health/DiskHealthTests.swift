import FoundationEssentials
import Testing

@testable import Host
@testable import PluginHosting

struct DiskHealthTests {
    private let bench: RegistryWorld

    init() throws { bench = try RegistryWorld() }

    @Test("a database that can be written and a folder that is there are no problem")
    func good() async {
        let health = DiskHealth(
            [.database(bench.store, in: bench.folder), .folder("movies", at: bench.folder)],
            clock: bench.clock
        )
        let findings = await health.findings()
        #expect(findings.map(\.name) == ["data", "movies"])
        #expect(findings.allSatisfy { ($0.finding.freeBytes ?? 0) > 0 })
        #expect(findings.allSatisfy { $0.finding.problem?.words.contains("MiB left") ?? true })
    }

    @Test("a database that cannot be written is a problem")
    func closed() async {
        bench.store.close()
        let findings = await DiskHealth([.database(bench.store, in: bench.folder)], clock: bench.clock).findings()
        #expect(findings.first?.finding.problem?.words.hasPrefix("The database cannot be written.") == true)
    }

    @Test("a library folder that is gone is a problem, and its path is told to nobody")
    func gone() async {
        let findings = await DiskHealth([.folder("movies", at: "/no/such/place")], clock: bench.clock).findings()
        let trouble = findings.first?.finding.problem
        #expect(trouble == .init(.folderMissing, "The folder movies of the library is not there."))
    }

    @Test("a disk that does not answer is a problem, holds up nobody, and is not asked again", .timeLimit(.minutes(1)))
    func silent() async {
        let gate = Semaphore()
        let looks = RegistryWorld.Counter()
        let place = DiskHealth.Place(name: "tv") {
            looks.add()
            gate.wait()
            return .init()
        }
        let health = DiskHealth([place], clock: bench.clock)
        for _ in 0..<3 {
            #expect(await health.findings().first?.finding.problem?.words == "The disk of tv does not answer.")
            bench.clock.advance(DiskHealth.lifetime)
        }
        #expect(looks.count == 1)
        gate.signal()
    }

    @Test("many who ask at once cause one look")
    func cached() async {
        let looks = RegistryWorld.Counter()
        let health = DiskHealth(
            [
                .init(name: "data") {
                    looks.add(); return .init(freeBytes: 1)
                }
            ],
            clock: bench.clock
        )
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = await health.findings() } }
        }
        #expect(looks.count == 1)
        bench.clock.advance(DiskHealth.lifetime)
        _ = await health.findings()
        #expect(looks.count == 2)
    }
}
