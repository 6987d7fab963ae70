import PluginAPI
import Testing

@testable import Host

@Suite("The log lines of a plugin")
struct InstanceLogTests {
    private let lines = Recorder<String>()
    private let clock = ManualClock()
    private let log: InstanceLog

    init() {
        let lines = lines
        let logger = Logger(level: .info, redactor: Redactor(), clock: clock) {
            lines.add(String(decoding: $0, as: UTF8.self))
        }
        log = InstanceLog(logger, instance: "Seedbox")
    }

    @Test("bear the name of their instance, whatever the plugin says")
    func name() {
        log.write(.info, "Hello.", ["instance": "Other"])
        #expect(lines.all == ["2024-01-15T10:30:00Z info Hello. instance=Seedbox\n"])
    }

    @Test("are left out when there are too many, and counted")
    func flood() {
        for _ in 0..<Int(InstanceLog.burst) + 50 { log.write(.warning, "Again.", [:]) }
        for _ in 0..<1000 { log.write(.debug, "Not shown.", [:]) }
        #expect(lines.all.count == Int(InstanceLog.burst))
        clock.advance(1)
        log.write(.warning, "Later.", [:])
        #expect(lines.all.suffix(2).first?.contains("50 of its lines were left out") == true)
        #expect(lines.all.last?.contains("Later.") == true)
    }
}
