import CCrashWitness
import Cryptography
import FoundationEssentials
import Glibc
import PluginAPI
import PluginHosting
import Synchronization

/// Knows at every moment which plugins' code runs in this process, and remembers it when the process dies.
///
/// The memory is a file that is mapped, so it survives every end of the process. See crash_witness.h for its layout.
final class CrashSentinel: Sendable {
    private struct State {
        var slots: [String: UInt32] = [:]
    }

    /// How the run before this one ended.
    let lastRun: LastRun
    private let memory: SentinelFile
    private let state = Mutex(State())

    /// Takes over the file at `path`: what the last run has left there is in `lastRun` from then on, and nowhere else.
    ///
    /// - Parameters:
    ///   - bootID: changes when the machine is started; whoever was running before that was not ended by a plugin.
    ///   - now: the time at which this run begins.
    /// - Throws: `CommandFailure` when the file cannot be kept.
    init(_ path: String, bootID: String = CrashSentinel.bootID, now: Date) throws(CommandFailure) {
        memory = try SentinelFile(path)
        lastRun = LastRun(memory, bootID: bootID)
        memory.clear()
        let (file, run) = (memory.file, UInt64.random(in: 1...UInt64.max))
        file.pointee.size = UInt32(MemoryLayout<kinodock_witness_file>.size)
        file.pointee.process = getpid()
        file.pointee.started = Int64(now.timeIntervalSince1970)
        kinodock_witness_set_boot(file, bootID)
        file.pointee.run = run
        memory.counts.pointee.run = run
        // Last: a file without it is not believed.
        file.pointee.magic = KINODOCK_WITNESS_MAGIC
    }

    /// The mark of the plugin file `candidate`; without effect when more than 128 files were loaded in this run.
    ///
    /// - Parameter sha256: of the file, in hexadecimal digits; computed when it is not given.
    func mark(for candidate: PluginCandidate, sha256: String? = nil) -> CrashMark {
        let hash = sha256 ?? Self.hash(of: candidate.path)
        return state.withLock { state in
            let key = "\(candidate.id) \(hash)"
            let slot = state.slots[key] ?? UInt32(state.slots.count)
            guard slot < UInt32(KINODOCK_WITNESS_SLOTS) else { return .none }
            if state.slots[key] == nil {
                state.slots[key] = slot
                kinodock_witness_name(memory.file, slot, candidate.id, hash)
            }
            return CrashMark(
                slot: slot,
                loading: kinodock_witness_loading(memory.file, slot),
                inside: kinodock_witness_inside(memory.counts, slot)
            )
        }
    }

    /// Sees from now on every crash of this process.
    ///
    /// The signals still end the process, and whatever else looks at them still does.
    func watchProcess() {
        kinodock_witness_start(memory.file)
    }

    /// Notes that the process is ended on purpose.
    ///
    /// A crash that comes later is still remembered, as one while ending.
    func endInOrder() {
        // A crash that the process has survived has no meaning any more.
        memory.file.pointee.record.state = UInt32(KINODOCK_WITNESS_NONE)
        memory.file.pointee.ended = 1
        memory.forgetCounts()
    }

    private static func hash(of path: String) -> String {
        // A file that cannot be read is not loaded either.
        guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else { return "" }
        return Hash.sha256(data).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Names the run of the machine.
    static var bootID: String {
        guard let data = try? Data(contentsOf: URL(filePath: "/proc/sys/kernel/random/boot_id")) else { return "" }
        return String(decoding: data, as: UTF8.self).trimmed
    }
}
