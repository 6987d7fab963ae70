import FoundationEssentials
import PluginAPI

/// The headers by which a receiver can tell that a request is from here, and when it was made.
///
/// One code is over the body alone, as many receivers check it already; the other one over time and body, so that
/// a request that somebody has recorded cannot be sent again later.
struct Signature: Sendable {
    static let header = "X-Kinodock-Signature"
    static let timedHeader = "X-Kinodock-Signature-Timestamped"
    static let timeHeader = "X-Kinodock-Timestamp"

    let secret: String

    /// - Parameter now: the time of sending, in seconds since 1970 in its header.
    func headers(for body: Data, at now: Date) -> [HeaderField] {
        let key = Data(secret.utf8)
        let time = String(Int64(now.timeIntervalSince1970))
        let timed = Data((time + ".").utf8) + body
        return [
            HeaderField(Self.timeHeader, time),
            HeaderField(Self.header, "sha256=" + HMACSHA256.hex(of: body, key: key)),
            HeaderField(Self.timedHeader, "sha256=" + HMACSHA256.hex(of: timed, key: key)),
        ]
    }
}
