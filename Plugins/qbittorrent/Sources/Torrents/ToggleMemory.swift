import PluginAPI
import Synchronization

import struct FoundationEssentials.Date

/// Remembers for a moment what was toggled.
///
/// The Web API can only flip these flags, and its list lags behind: who flips by the list alone flips twice.
final class ToggleMemory: Sendable {
    enum Flag: Hashable, Sendable {
        case sequential, ends

        var path: String {
            self == .sequential ? "torrents/toggleSequentialDownload" : "torrents/toggleFirstLastPiecePrio"
        }
    }

    private struct Key: Hashable {
        var flag: Flag
        var id: TorrentID
    }

    /// Seconds after which the list is right again.
    private static let lag = 3.0

    private let host: any HostServices
    private let memory = Mutex<[Key: (value: Bool, time: Date)]>([:])

    init(host: any HostServices) {
        self.host = host
    }

    /// The flag as it is: what was set a moment ago, otherwise what the list says.
    func value(of flag: Flag, _ id: TorrentID, listed: Bool) -> Bool {
        let now = host.now
        return memory.withLock { memory in
            memory = memory.filter { now.timeIntervalSince($0.value.time) < Self.lag }
            return memory[Key(flag: flag, id: id)]?.value ?? listed
        }
    }

    func remember(_ value: Bool, of flag: Flag, _ id: TorrentID) {
        let now = host.now
        memory.withLock { $0[Key(flag: flag, id: id)] = (value, now) }
    }
}
