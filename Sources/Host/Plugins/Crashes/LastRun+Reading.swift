import CCrashWitness
import FoundationEssentials
import Glibc

extension LastRun {
    /// Reads what the last run has left in `memory`; nothing when that was another version's, or none.
    ///
    /// - Parameter bootID: of the machine now.
    init(_ memory: SentinelFile, bootID: String) {
        let file = memory.file
        guard file.pointee.magic == KINODOCK_WITNESS_MAGIC,
            file.pointee.size == UInt32(MemoryLayout<kinodock_witness_file>.size)
        else { return }
        let isOfThisBoot = Self.text(kinodock_witness_boot(file), KINODOCK_WITNESS_BOOT_SIZE) == bootID
        if file.pointee.record.state != UInt32(KINODOCK_WITNESS_NONE) {
            // Written by the process itself, so it holds also when the machine was started anew afterwards.
            read(file.pointee.record, file, loading: isOfThisBoot ? Self.loading(file) : [])
        } else if isOfThisBoot, file.pointee.ended == 0 {
            crashes = Self.loading(file) + Self.calling(memory)
        }
    }

    private mutating func read(
        _ record: kinodock_witness_record,
        _ file: UnsafePointer<kinodock_witness_file>,
        loading: [LastCrash]
    ) {
        let cause: LastCrash.Cause = record.signal == 0 ? .exit(record.code) : .signal(record.signal)
        let time = Date(timeIntervalSince1970: Double(record.time))
        let id = Self.text(kinodock_witness_record_id(file), KINODOCK_WITNESS_ID_SIZE)
        let named = LastCrash(
            id: id,
            sha256: Self.text(kinodock_witness_record_hash(file), KINODOCK_WITNESS_HASH_SIZE),
            cause: cause,
            phase: Self.phase(record.phase),
            whileEnding: record.ending != 0,
            time: time
        )
        if !id.isEmpty {
            crashes = [named]
        } else if record.sender == 0, !loading.isEmpty {
            // The handler does not know the code of a plugin that is being loaded: such as of a thread that it started.
            crashes = loading.map { $0.dated(cause, time) }
        } else {
            fault = Self.fault(record, on: time)
        }
    }

    private static func fault(_ record: kinodock_witness_record, on time: Date) -> String {
        let (when, name) = (time.ISO8601Format(), LastCrash.name(ofSignal: record.signal))
        if record.sender != 0 { return "Process \(record.sender) ended the server on \(when) with \(name)." }
        return "The server crashed on \(when), and not in the code of a plugin: \(name). Please report it."
    }

    /// The plugins that were being loaded when the process was gone.
    private static func loading(_ file: UnsafeMutablePointer<kinodock_witness_file>) -> [LastCrash] {
        suspects(file, .loading) { kinodock_witness_loading(file, $0).pointee != 0 }
    }

    /// The plugins that had threads inside when the process was gone.
    private static func calling(_ memory: SentinelFile) -> [LastCrash] {
        guard memory.counts.pointee.run == memory.file.pointee.run else { return [] }
        return suspects(memory.file, .calling) { slot in
            kinodock_witness_loading(memory.file, slot).pointee == 0
                && kinodock_witness_inside(memory.counts, slot).pointee != 0
        }
    }

    private static func suspects(
        _ file: UnsafeMutablePointer<kinodock_witness_file>,
        _ phase: LastCrash.Phase,
        _ isSuspect: (UInt32) -> Bool
    ) -> [LastCrash] {
        (0..<UInt32(KINODOCK_WITNESS_SLOTS)).compactMap { number in
            let slot = kinodock_witness_slot_at(file, number)
            let id = text(kinodock_witness_id(slot), KINODOCK_WITNESS_ID_SIZE)
            guard !id.isEmpty, isSuspect(number) else { return nil }
            return LastCrash(
                id: id,
                sha256: text(kinodock_witness_hash(slot), KINODOCK_WITNESS_HASH_SIZE),
                cause: .sudden,
                phase: phase,
                whileEnding: false,
                time: nil
            )
        }
    }

    private static func phase(_ number: UInt32) -> LastCrash.Phase {
        switch Int(number) {
        case Int(KINODOCK_WITNESS_LOADING): .loading
        case Int(KINODOCK_WITNESS_CALLING): .calling
        default: .background
        }
    }

    /// The text of an array of `size` bytes, up to the first zero byte.
    private static func text(_ start: UnsafePointer<CChar>?, _ size: some BinaryInteger) -> String {
        guard let start else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: strnlen(start, Int(size))), as: UTF8.self)
    }
}
