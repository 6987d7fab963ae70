import FoundationEssentials
import PluginHosting

/// Since when each plugin is in its state.
struct PluginStamps: Hashable, Sendable {
    private struct Place: Hashable {
        let id: String
        let path: String
    }

    private struct Stamp: Hashable {
        let state: PluginState
        let code: PluginRefusal.Code?
        let time: Date
    }

    private var stamps: [Place: Stamp] = [:]
    /// As it was listed before a restart, until the file has been looked at.
    private var former: [Place: Stamp] = [:]

    init() {}

    /// Takes over what was listed before a restart; a plugin that was in use then has to come into use again.
    init(_ entries: [PluginEntry]) {
        for entry in entries where entry.state != .active && entry.state != .crashed {
            guard let since = entry.since else { continue }
            former[Place(id: entry.id, path: entry.path)] = Stamp(state: entry.state, code: entry.code, time: since)
        }
    }

    /// Gives each entry the time since when it is so; `now` for one that has just changed.
    mutating func stamp(_ entries: inout [PluginEntry], now: Date) {
        var new: [Place: Stamp] = [:]
        for index in entries.indices {
            let entry = entries[index]
            let place = Place(id: entry.id, path: entry.path)
            let known = [stamps[place], entry.state == .discovered ? nil : former.removeValue(forKey: place)]
            let old = known.compactMap { $0 }.first { $0.state == entry.state && $0.code == entry.code }
            let time = entry.happened ?? old?.time ?? now
            new[place] = Stamp(state: entry.state, code: entry.code, time: time)
            entries[index].since = time
        }
        stamps = new
    }
}
