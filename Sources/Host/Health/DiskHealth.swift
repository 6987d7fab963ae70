import FoundationEssentials

/// Whether the disks that the server needs are there, can be written, and have room.
///
/// Anybody may ask for the server's health, so answers are kept for a while; and looking at a network mount that is
/// gone never ends, so each place has at most one look under way, which nobody waits for longer than `patience`.
actor DiskHealth {
    /// Something to look at.
    struct Place: Sendable {
        let name: String
        /// Waits for the disk, perhaps for ever.
        let look: @Sendable () -> Finding
    }

    struct Finding: Sendable, Equatable {
        var problem: Trouble?
        var freeBytes: Int?
    }

    /// What is wrong with a place.
    struct Trouble: Sendable, Equatable {
        /// Names for programs; they never change their meaning.
        enum Code: String, Sendable, CaseIterable {
            case databaseNotWritable = "database_not_writable"
            case folderMissing = "folder_missing"
            case folderNotWritable = "folder_not_writable"
            case nearlyFull = "nearly_full"
            case silent
        }

        let code: Code
        /// In words that name no path: anybody may read them.
        let words: String

        init(_ code: Code, _ words: String) {
            self.code = code
            self.words = words
        }
    }

    static let lifetime = 10.0
    private static let patience = Duration.seconds(2)

    private let places: [Place]
    private let clock: any WallClock
    private var latest: (task: Task<[(name: String, finding: Finding)], Never>, time: Date)?
    /// The places whose look has not come back.
    private var underWay: Set<String> = []

    init(_ places: [Place], clock: any WallClock) {
        self.places = places
        self.clock = clock
    }

    /// What was found, in the order of the places; not older than `lifetime` seconds.
    func findings() async -> [(name: String, finding: Finding)] {
        let now = clock.now
        if let latest, (0..<Self.lifetime).contains(now.timeIntervalSince(latest.time)) {
            return await latest.task.value
        }
        let task = Task { await lookAround() }
        latest = (task, now)
        return await task.value
    }

    private func lookAround() async -> [(name: String, finding: Finding)] {
        await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, place) in places.enumerated() { group.addTask { (index, await self.look(at: place)) } }
            var findings = places.map { (name: $0.name, finding: Finding()) }
            for await (index, finding) in group { findings[index].finding = finding }
            return findings
        }
    }

    private func look(at place: Place) async -> Finding {
        let silent = Finding(problem: Trouble(.silent, "The disk of \(place.name) does not answer."))
        guard underWay.insert(place.name).inserted else { return silent }
        let finding = await BlockingWork.run(within: Self.patience) {
            defer { Task { await self.cameBack(place.name) } }
            return place.look()
        }
        return finding ?? silent
    }

    private func cameBack(_ name: String) {
        underWay.remove(name)
    }
}
