import FoundationEssentials
import PluginAPI

/// A job that has left the queue, as `mode=history` lists it: still in post-processing, or done with.
struct HistorySlot: Hashable, Sendable, Decodable {
    var id: String
    var name: String
    var status: String
    /// Bytes that were downloaded.
    var size: Int64
    var category: String?
    /// The file, when there is one only, else the folder; empty until everything is in its place.
    var storage: String
    /// Where it was downloaded.
    var path: String
    /// Why it has failed, in the language of the interface.
    var failure: String
    /// What post-processing does at the moment, for example "Unpacking: 03/05".
    var action: String
    /// Whether post-processing works on it now.
    var isLoaded: Bool
    /// Whether SABnzbd can try again.
    var canRetry: Bool

    private enum CodingKeys: String, CodingKey {
        case name, status, category, storage, path
        case id = "nzo_id"
        case size = "bytes"
        case failure = "fail_message"
        case action = "action_line"
        case isLoaded = "loaded"
        case canRetry = "retry"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        name = fields.text(.name) ?? ""
        status = fields.text(.status) ?? ""
        size = max(0, fields.value(.size) ?? 0)
        category = fields.text(.category).flatMap { $0 == "*" ? nil : $0 }
        storage = fields.text(.storage) ?? ""
        path = fields.text(.path) ?? ""
        failure = fields.text(.failure) ?? ""
        action = fields.text(.action) ?? ""
        isLoaded = fields.flag(.isLoaded) ?? false
        // A number, or a Boolean for an address that could not be fetched.
        canRetry = fields.flag(.canRetry) ?? (fields.whole(.canRetry) == 1)
    }

    /// Where the job is on its way.
    enum Phase: Hashable, Sendable {
        case waiting, verifying, repairing, fetching, extracting, moving, script
        case completed, failed
        /// A status that this plugin does not know.
        case other
    }

    var phase: Phase {
        switch status {
        // "Completed" stands there a moment before the files are in their place.
        case "Completed": storage.isEmpty || isLoaded ? .moving : .completed
        case "Failed": isLoaded ? .waiting : .failed
        case "Queued": .waiting
        case "QuickCheck", "Verifying": .verifying
        case "Repairing": .repairing
        case "Fetching": .fetching
        case "Extracting": .extracting
        case "Moving": .moving
        case "Running": .script
        default: .other
        }
    }

    /// Whether nothing happens to it any more.
    var isDone: Bool { phase == .completed || phase == .failed }
}

/// The answer to `mode=history`.
struct HistoryPage: Sendable, Decodable {
    /// `nil` when nothing has changed since the number that was sent.
    var slots: [HistorySlot]?
    /// How many there are in all, post-processing included.
    var total: Int
    /// Counts the changes of the history.
    var revision: Int?

    private enum Outer: String, CodingKey { case history }

    private enum CodingKeys: String, CodingKey {
        case slots
        case total = "noofslots"
        case revision = "last_history_update"
    }

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: Outer.self)
        if let changed = try? outer.decode(Bool.self, forKey: .history), !changed {
            total = 0
            return
        }
        let fields = try outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .history)
        slots = try fields.decode([HistorySlot].self, forKey: .slots)
        total = fields.whole(.total) ?? 0
        revision = fields.whole(.revision)
    }
}
