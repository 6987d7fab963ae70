import CLibTorrent
import FoundationEssentials
import Glibc
import PluginAPI

/// The engine, which one thread at a time may use; its calls wait for microseconds as a rule.
///
/// A torrent is known by a number that its owner chooses. Orders for one that is gone do nothing.
final class Session {
    private let handle: OpaquePointer
    private let bell: Unmanaged<Bell>

    /// What the engine calls from its own thread.
    private final class Bell: Sendable {
        let ring: @Sendable () -> Void

        init(_ ring: @escaping @Sendable () -> Void) { self.ring = ring }
    }

    /// A setting by the engine's own name.
    typealias Setting = (name: String, value: String)

    static var version: String { kdt_version().map { String(cString: $0) } ?? "" }

    /// - Parameters:
    ///   - nodes: what `nodes` was in an earlier run; `nil` for nothing.
    ///   - wake: called from another thread when there are events; it must not wait.
    init(
        _ settings: [Setting],
        limitsLocalPeers: Bool,
        nodes: Data? = nil,
        wake: @escaping @Sendable () -> Void
    ) throws(EngineFailure) {
        let bell = Unmanaged.passRetained(Bell(wake))
        self.bell = bell
        var failure = kdt_failure()
        let opened = Self.lending(settings) { list in
            (nodes ?? Data()).borrowed { nodes in
                kdt_session_open(
                    list.baseAddress,
                    list.count,
                    limitsLocalPeers,
                    nodes,
                    { context in
                        // The context is the bell, which is released after the session has ended.
                        if let context { Unmanaged<Bell>.fromOpaque(context).takeUnretainedValue().ring() }
                    },
                    bell.toOpaque(),
                    &failure
                )
            }
        }
        guard let opened else {
            bell.release()
            throw EngineFailure(failure)
        }
        handle = opened
    }

    /// Ends the session, and waits for at most a few seconds.
    deinit {
        kdt_session_close(handle)
        bell.release()
    }

    /// Takes the next event; the number is 0 when it is of no torrent.
    func next() -> (number: UInt32, event: SessionEvent)? {
        var raw = kdt_event()
        // Ends: each round takes an event out of the engine.
        while kdt_session_next(handle, &raw) {
            if let event = SessionEvent(raw) { return (raw.number, event) }
        }
        return nil
    }

    /// Changes settings while it runs.
    func configure(_ settings: [Setting]) {
        Self.lending(settings) { _ = kdt_session_configure(handle, $0.baseAddress, $0.count) }
    }

    /// The computers by which the DHT is entered again; `nil` while it knows nobody.
    var nodes: Data? {
        let nodes = Data(kdt_session_nodes(handle))
        return nodes.isEmpty ? nil : nodes
    }

    /// Why `nodes` of an earlier run cannot be used; `nil` when they can.
    static func fault(in nodes: Data) -> EngineFailure? {
        var failure = kdt_failure()
        return nodes.borrowed { kdt_nodes_check($0, &failure) } ? nil : EngineFailure(failure)
    }

    private static func lending<Result>(
        _ settings: [Setting],
        _ body: (UnsafeBufferPointer<kdt_setting>) -> Result
    ) -> Result {
        let texts = settings.map { (strdup($0.name), strdup($0.value)) }
        defer {
            for (name, value) in texts {
                free(name)
                free(value)
            }
        }
        return texts.map { kdt_setting(name: $0.0, value: $0.1) }.withUnsafeBufferPointer(body)
    }

    func pause() { kdt_session_pause(handle) }

    /// Asks for the status of each torrent that has changed.
    func postUpdates() { kdt_session_post_updates(handle) }

    func add(_ params: TorrentParams, number: UInt32, _ mode: TransferMode) throws(EngineFailure) {
        var failure = kdt_failure()
        guard kdt_session_add(handle, number, params.handle, mode.flags, &failure) else { throw EngineFailure(failure) }
    }

    func set(_ mode: TransferMode, of number: UInt32) { kdt_torrent_set_flags(handle, number, mode.flags) }

    /// - Returns: whether an event tells how the deletion went.
    func remove(_ number: UInt32, deletingData: Bool) -> Bool {
        kdt_torrent_remove(handle, number, deletingData) && deletingData
    }

    func move(_ number: UInt32, to path: String) { kdt_torrent_move(handle, number, path) }

    /// - Returns: whether an event follows.
    func save(_ number: UInt32, onlyIfChanged: Bool, flushing: Bool) -> Bool {
        kdt_torrent_save(handle, number, onlyIfChanged, flushing)
    }

    func clearError(of number: UInt32) { kdt_torrent_clear_error(handle, number) }
    func recheck(_ number: UInt32) { kdt_torrent_recheck(handle, number) }
    func announce(_ number: UInt32) { kdt_torrent_announce(handle, number) }
    func addTrackers(of params: TorrentParams, to number: UInt32) {
        kdt_torrent_add_trackers(handle, number, params.handle)
    }

    /// Bytes each second; 0 for no limit.
    func limit(_ number: UInt32, download: Int, upload: Int) {
        kdt_torrent_limit(handle, number, Int32(clamping: download), Int32(clamping: upload))
    }

    func moveToFront(_ number: UInt32) { kdt_torrent_place(handle, number, 1) }
    func moveToBack(_ number: UInt32) { kdt_torrent_place(handle, number, -1) }

    func layout(of number: UInt32) -> TorrentLayout? {
        TorrentLayout(consuming: kdt_torrent_layout(handle, number))
    }

    /// 0 do not download, 4 normal, 7 first; by the engine's number of the file.
    func levels(of number: UInt32, count: Int) -> [UInt8]? {
        var levels = [UInt8](repeating: 4, count: count)
        return kdt_torrent_levels(handle, number, &levels, count) ? levels : nil
    }

    /// It is in force a moment later.
    func set(level: UInt8, ofFile index: Int, in number: UInt32) {
        kdt_torrent_set_level(handle, number, Int32(clamping: index), level)
    }

    /// Verified bytes by the engine's number of the file.
    func progress(of number: UInt32, count: Int) -> [Int64]? {
        var bytes = [Int64](repeating: 0, count: count)
        return kdt_torrent_progress(handle, number, &bytes, count) ? bytes : nil
    }

    /// For each piece 1 when it is verified and on disk.
    func pieces(of number: UInt32, count: Int) -> [UInt8]? {
        var pieces = [UInt8](repeating: 0, count: count)
        return kdt_torrent_pieces(handle, number, &pieces, count) ? pieces : nil
    }

    /// Wants these pieces before all others, in this order, one each `pace` milliseconds; none to want nothing more.
    func hurry(_ pieces: [Int], of number: UInt32, pace: Int) {
        kdt_torrent_hurry(handle, number, pieces.map { Int32(clamping: $0) }, pieces.count, Int32(clamping: pace))
    }
}

/// How a torrent transfers.
struct TransferMode: Hashable, Sendable {
    var isPaused = false
    /// Whether the limit of downloads at once holds for it.
    var waitsItsTurn = true
    var isSequential = false
    var exchangesPeers = true

    fileprivate var flags: UInt32 {
        var flags = 0
        if isPaused { flags |= KDT_PAUSED }
        // One that a person has paused must not be resumed by the engine.
        if waitsItsTurn, !isPaused { flags |= KDT_QUEUED }
        if isSequential { flags |= KDT_SEQUENTIAL }
        if !exchangesPeers { flags |= KDT_NO_PEER_EXCHANGE }
        return UInt32(flags)
    }
}
