import FoundationEssentials
import PluginAPI

/// A job in SABnzbd's queue, as `mode=queue` lists it.
///
/// Numbers are texts there.
struct QueueSlot: Sendable, Decodable {
    var id: String
    var name: String
    var status: String
    /// Bytes.
    var size: Int64
    /// Bytes.
    var remaining: Int64
    /// Seconds; 0 when nothing is downloaded.
    var timeLeft: Int
    var category: String?
    /// What SABnzbd has noticed about the job, in the language of its interface.
    var labels: [String]

    private enum CodingKeys: String, CodingKey {
        case status, labels
        case id = "nzo_id"
        case name = "filename"
        case size = "mb"
        case remaining = "mbleft"
        case timeLeft = "timeleft"
        case category = "cat"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        name = fields.text(.name) ?? ""
        status = fields.text(.status) ?? ""
        size = Self.bytes(fields.number(.size))
        remaining = Self.bytes(fields.number(.remaining))
        timeLeft = Self.seconds(fields.text(.timeLeft) ?? "")
        category = fields.text(.category).flatMap { $0 == "*" || $0 == "None" ? nil : $0 }
        labels = fields.value(.labels) ?? []
    }

    /// From MiB.
    static func bytes(_ mebibytes: Double?) -> Int64 {
        guard let mebibytes, mebibytes.isFinite, (0...1e12).contains(mebibytes) else { return 0 }
        return Int64(mebibytes * 1_048_576)
    }

    /// From `H:MM:SS` or `D:HH:MM:SS`.
    static func seconds(_ text: String) -> Int {
        let parts = text.split(separator: ":").map { Int($0) ?? 0 }
        guard (1...4).contains(parts.count), parts.allSatisfy({ (0...100_000).contains($0) }) else { return 0 }
        let factors = [86_400, 3600, 60, 1]
        return zip(parts, factors.suffix(parts.count)).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

/// The answer to `mode=queue`.
struct QueuePage: Sendable, Decodable {
    var version: String
    /// Whether SABnzbd downloads nothing but forced jobs.
    var isPaused: Bool
    /// Bytes each second.
    var speed: Int64
    var slots: [QueueSlot]
    /// GiB free where finished downloads go.
    var freeSpace: Double?

    private enum Outer: String, CodingKey { case queue }

    private enum CodingKeys: String, CodingKey {
        case version, slots
        case isPaused = "paused"
        case speed = "kbpersec"
        case freeSpace = "diskspace2"
    }

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: Outer.self)
        let fields = try outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .queue)
        version = fields.text(.version) ?? ""
        isPaused = fields.flag(.isPaused) ?? false
        let kibibytes = fields.number(.speed) ?? 0
        speed = (0...1e12).contains(kibibytes) ? Int64(kibibytes * 1024) : 0
        slots = try fields.decode([QueueSlot].self, forKey: .slots)
        freeSpace = fields.number(.freeSpace)
    }
}
