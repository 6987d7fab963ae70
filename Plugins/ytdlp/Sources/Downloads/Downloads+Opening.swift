import PluginAPI

extension Downloads {
    /// How often another user of the folder is waited for, and how long between two tries.
    private static let tries = 40
    private static let wait = Duration.milliseconds(200)

    /// Takes the instance's folder, reads what is remembered, and goes on with it; later calls do nothing.
    ///
    /// - Throws: when the host gives no folder, or somebody else uses it.
    func open() async throws {
        guard place == nil, !isEnding else { return }
        let data = try await host.folders().data
        // After a change of the settings the instance before this one may still be ending.
        for _ in 0..<Self.tries {
            guard place == nil, !isEnding else { return }
            if let taken = try Workplace(data) {
                place = taken
                return load(taken)
            }
            try await Task.sleep(for: Self.wait)
        }
        _ = try workplace()
    }

    private func load(_ place: Workplace) {
        let found = place.load()
        for name in found.damaged {
            host.log(.error, "A remembered download cannot be read and is left out.", fields: ["file": .string(name)])
        }
        for download in found.downloads {
            all[download.id] = download
            order.append(download.id)
            log.note(download.id)
        }
        place.removeCookies(but: Set(found.downloads.filter { !$0.isOver }.map(\.id)))
        for var download in found.downloads {
            if download.phase == .running {
                download.phase = .queued
                all[download.id] = download
            } else if download.phase == .moving {
                move(download)
            }
        }
        startWaiting()
    }

    /// What an error says to the user.
    static func words(_ error: any Error) -> String {
        (error as? PluginError)?.message ?? "\(error)"
    }
}
