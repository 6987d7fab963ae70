import FoundationEssentials
import PluginAPI

/// Keeping the state of torrents on disk, so that a crash costs seconds.
extension TorrentEngine {
    /// The time between two saves of a torrent that moves on.
    private static let interval = Duration.seconds(3)

    /// Asks for the state of torrents that have changed for long enough.
    func saveDue(_ now: ContinuousClock.Instant) {
        for number in unsaved where savers[number] == nil {
            guard lastSaves[number].map({ now - $0 >= Self.interval }) != false else { continue }
            request(number, onlyIfChanged: true, now)
        }
    }

    /// Has the state of a torrent saved as soon as the engine has it.
    func saveSoon(_ number: UInt32) {
        request(number, onlyIfChanged: false, tools.now())
    }

    /// Saves the state of a torrent, and waits until it is on disk.
    ///
    /// - Parameter flushing: whether the engine lets go of the files before.
    func save(_ number: UInt32, flushing: Bool = false) async {
        await withCheckedContinuation { continuation in
            request(number, onlyIfChanged: false, flushing: flushing, waiting: continuation, tools.now())
        }
        await writes[number]?.value
    }

    /// Saves all torrents, and waits for that, but no longer than `limit`.
    func saveAll(within limit: Duration) async {
        let numbers = table.all.map(\.number)
        let alarm = Task { [sleep = tools.sleep] in
            try? await sleep(limit)
            guard !Task.isCancelled else { return }
            for number in numbers { self.finishSaving(number) }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in numbers { group.addTask { await self.save(number, flushing: true) } }
        }
        alarm.cancel()
    }

    /// Writes what the engine gives, after what was written before.
    func write(_ params: TorrentParams, of number: UInt32) {
        guard let record = table[number], let folder else { return finishSaving(number) }
        guard let notes = try? JSONEncoder().encode(record.notes), let data = params.encoded(with: notes) else {
            host.log(.error, "The state of the torrent \(record.id) cannot be put together.", fields: [:])
            return finishSaving(number)
        }
        unsaved.remove(number)
        let earlier = writes[number]
        // What somebody waits for, or what is complete, outlasts a loss of power too.
        let isDurable = savers[number]?.isEmpty == false || record.isComplete
        let write = Task { [host] in
            await earlier?.value
            do {
                try await folder.write(data, id: record.id, durably: isDurable)
            } catch {
                host.log(.error, "\((error as? PluginError)?.message ?? "\(error)")", fields: [:])
            }
        }
        writes[number] = write
        finishSaving(number)
    }

    /// The engine has answered, or will not.
    func finishSaving(_ number: UInt32) {
        savers.removeValue(forKey: number)?.forEach { $0.resume() }
    }

    private func request(
        _ number: UInt32,
        onlyIfChanged: Bool,
        flushing: Bool = false,
        waiting: CheckedContinuation<Void, Never>? = nil,
        _ now: ContinuousClock.Instant
    ) {
        lastSaves[number] = now
        unsaved.remove(number)
        guard session?.save(number, onlyIfChanged: onlyIfChanged, flushing: flushing) == true else {
            waiting?.resume()
            return
        }
        savers[number, default: []] += waiting.map { [$0] } ?? []
    }
}
