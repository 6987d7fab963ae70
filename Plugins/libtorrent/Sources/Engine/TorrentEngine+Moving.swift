import PluginAPI

/// Bringing finished downloads from the folder of unfinished ones to their final place.
extension TorrentEngine {
    func beginMove(of number: UInt32) {
        guard let record = table[number] else { return }
        let target = record.notes.savePath
        table.change(number, now: tools.now()) { record in
            record.isMoving = true
            record.notes.isMoving = true
        }
        Task {
            do {
                try DownloadPlaces.make(target)
            } catch {
                let words = (error as? PluginError)?.message ?? "\(error)"
                return finishMove(of: number, failure: "It is complete, but cannot be moved. \(words)", tools.now())
            }
            // After a crash in the middle it has to be known that a part may be there already.
            await save(number, flushing: true)
            session?.move(number, to: target)
        }
    }

    func finishMove(of number: UInt32, failure: String?, _ now: ContinuousClock.Instant) {
        guard table[number]?.isMoving == true else { return }
        table.change(number, now: now) { record in
            record.isMoving = false
            record.notes.isMoving = nil
            record.failure = failure
        }
        saveSoon(number)
        session?.postUpdates()
    }
}
