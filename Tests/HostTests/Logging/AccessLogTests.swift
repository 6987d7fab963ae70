import PluginAPI
import Testing

@testable import HTTPServer
@testable import Host

struct AccessLogTests {
    private let lines = RegistryWorld.Lines()

    private func log(_ level: LogLevel, isOn: Bool) -> AccessLog {
        AccessLog(
            Logger(level: level, redactor: Redactor(), clock: RegistryWorld.SetClock(), sink: lines.add),
            isOn: isOn
        )
    }

    @Test(
        "writes a line when it is on, or when everything is written",
        arguments: [(LogLevel.info, true, 1), (.info, false, 0), (.debug, false, 1), (.warning, true, 0)]
    )
    func levels(level: LogLevel, isOn: Bool, count: Int) {
        log(level, isOn: isOn).write(.sample)
        #expect(lines.all.count == count)
    }

    @Test("a line tells what was asked and how it was answered")
    func content() {
        log(.info, isOn: true).write(.sample)
        #expect(
            lines.all == [
                "2023-11-14T22:13:20Z info request bytes=12 from=127.0.0.1 method=GET milliseconds=1.5 path=/api/queue "
                    + "request=0f2a3c1e-8a55-4e9b-9b38-5d2b6c1a7e11 status=200\n"
            ]
        )
    }

    @Test(
        "is off unless it is asked for",
        arguments: [([:], false), ([.accessLog: "on"], true), ([.accessLog: "off"], false)]
            as [([ConfigurationOption: String], Bool)]
    )
    func setting(flags: [ConfigurationOption: String], isOn: Bool) throws {
        let configuration = try ServerConfiguration(
            flags: flags,
            environment: ["HOME": "/nowhere"],
            executable: "/nowhere/k"
        )
        #expect(configuration.accessLog == isOn)
    }

    @Test("takes no other word than on and off")
    func refused() {
        let error = #expect(throws: UsageError.self) {
            try ServerConfiguration(
                flags: [:],
                environment: ["HOME": "/nowhere", "KINODOCK_ACCESS_LOG": "yes"],
                executable: "/nowhere/k"
            )
        }
        #expect(error?.message == "KINODOCK_ACCESS_LOG takes on|off; \"yes\" is not one.")
    }
}

extension AccessRecord {
    fileprivate static let sample = AccessRecord(
        HTTPRequest(
            .get,
            "/api/queue?apikey=hush",
            headers: ["x-correlation-id": "0f2a3c1e-8a55-4e9b-9b38-5d2b6c1a7e11"]
        ),
        status: .ok,
        bytes: 12,
        duration: .microseconds(1500)
    )
}
