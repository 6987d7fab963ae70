import FoundationEssentials
import HTTPServer
import PluginAPI
import Testing

@testable import Host

/// Backends name times that no calendar has; the server must outlive them.
struct LargeTimesTests {
    @Test(
        "writes any time with 20 characters",
        arguments: [
            (1_705_314_600.0, "2024-01-15T10:30:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (9.3e18, "9999-12-31T23:59:59Z"), (.infinity, "9999-12-31T23:59:59Z"),
            (253_402_300_800, "9999-12-31T23:59:59Z"),
            (-9.3e18, "0000-01-01T00:00:00Z"), (-.infinity, "0000-01-01T00:00:00Z"), (.nan, "1970-01-01T00:00:00Z"),
            (.greatestFiniteMagnitude, "9999-12-31T23:59:59Z"),
        ]
    )
    func writes(seconds: Double, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).iso8601 == text)
    }

    @Test(
        "stores any time",
        arguments: [
            (1.5, 1500), (9.3e18, 253_402_300_799_999), (.infinity, 253_402_300_799_999),
            (-.infinity, -62_167_219_200_000), (.nan, 0),
        ]
    )
    func stores(seconds: Double, milliseconds: Int64) {
        #expect(Date(timeIntervalSince1970: seconds).milliseconds == milliseconds)
    }

    @Test("reads any stored time and writes it", arguments: [Int64.min, -1, 0, Int64.max])
    func reads(milliseconds: Int64) {
        #expect(Date(milliseconds: milliseconds).iso8601.utf8.count == 20)
    }

    @Test(
        "a client that wants to be left alone for ever is asked again after a day",
        arguments: [Int.max, 9_223_372_036_854_775_000]
    )
    func retryAfter(seconds: Int) {
        var health = InstanceHealth()
        let now = Date(timeIntervalSince1970: 1_000_000)
        health.recordFailure(PluginError(.rateLimited, "Slow down.", retryAfter: seconds), now: now)
        #expect(health.nextAttempt == now.addingTimeInterval(86_400))
    }

    @Test(
        "a wait that is no wait is not passed on",
        arguments: [(Int.min, "0"), (-5, "0"), (7, "7"), (Int.max, "86400")]
    )
    func passesOn(seconds: Int, header: String) {
        let error = HTTPError(PluginError(.rateLimited, "Slow down.", retryAfter: seconds))
        #expect(error.headers["Retry-After"] == header)
    }

    @Test("a proxy that knows of no service behind it is asked again after a quarter of an hour")
    func unreachable() {
        var health = InstanceHealth()
        let now = Date(timeIntervalSince1970: 1_000_000)
        health.recordFailure(PluginError(.unreachable, "Nobody is there.", retryAfter: .max), now: now)
        #expect(health.nextAttempt == now.addingTimeInterval(15 * 60))
    }
}
