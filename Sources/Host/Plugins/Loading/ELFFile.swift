import FoundationEssentials

/// What the header and tables of an ELF file say.
///
/// Nothing of the file is executed, and nothing outside of it is read, whatever its numbers claim.
///
/// Source: System V ABI, chapters "Object Files" and "Dynamic Linking"; 64-bit, little-endian form.
struct ELFFile {
    enum Fault: Error, Equatable {
        case notELF
        case not64Bit
        case notLittleEndian
        /// The file is smaller than its header says.
        case truncated
    }

    private struct Section {
        let kind: UInt32
        let offset: UInt64
        let size: UInt64
        let link: UInt32
        let entrySize: UInt64
    }

    /// e_machine numbers of the machines that Kinodock runs on.
    static let machineNames: [UInt16: String] = [3: "x86", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64"]
    static let sharedObject: UInt16 = 3

    /// The machine that this program was built for.
    static var thisMachine: UInt16 {
        #if arch(x86_64)
            62
        #elseif arch(arm64)
            183
        #else
            0
        #endif
    }

    let type: UInt16
    let machine: UInt16
    private let bytes: Data
    private let sections: [Section]

    init(_ bytes: Data) throws(Fault) {
        let reader = ELFReader(bytes: bytes)
        guard bytes.prefix(4) == Data([0x7F, 0x45, 0x4C, 0x46]) else { throw .notELF }
        guard let fileClass = reader.byte(at: 4), let order = reader.byte(at: 5) else { throw .truncated }
        guard fileClass == 2 else { throw .not64Bit }
        guard order == 1 else { throw .notLittleEndian }
        guard let type = reader.half(at: 16), let machine = reader.half(at: 18), let table = reader.long(at: 40),
            let size = reader.half(at: 58), let count = reader.half(at: 60)
        else { throw .truncated }
        var sections: [Section] = []
        for index in 0..<UInt64(count) {
            guard let section = Self.section(reader, at: table, index, UInt64(size)) else { throw .truncated }
            sections.append(section)
        }
        self.bytes = bytes
        self.type = type
        self.machine = machine
        self.sections = sections
    }

    /// The name of `machine` as people write it.
    static func name(ofMachine machine: UInt16) -> String {
        machineNames[machine] ?? "machine number \(machine)"
    }

    /// The exported functions and variables whose names start with `prefix`.
    func exports(prefix: String) -> [String] {
        let wanted = Array(prefix.utf8)
        return sections.filter { $0.kind == 11 }.flatMap { symbols in
            exports(in: symbols, prefix: wanted)
        }
    }

    /// The libraries that must be found when the file is loaded.
    var neededLibraries: [String] {
        let reader = ELFReader(bytes: bytes)
        return sections.filter { $0.kind == 6 }.flatMap { table -> [String] in
            guard let names = strings(of: table) else { return [] }
            return stride(from: table.offset, to: table.offset + table.size, by: 16).compactMap { offset in
                guard reader.long(at: offset) == 1, let name = reader.long(at: offset + 8) else { return nil }
                return reader.text(at: name, in: names)
            }
        }
    }

    private func exports(in symbols: Section, prefix: [UInt8]) -> [String] {
        guard let names = strings(of: symbols), symbols.entrySize >= 24 else { return [] }
        let reader = ELFReader(bytes: bytes)
        let entries = stride(from: symbols.offset, to: symbols.offset + symbols.size, by: Int(symbols.entrySize))
        return entries.compactMap { offset in
            // A symbol of section 0 is one that the file wants from others; binding 1 and 2 are global and weak.
            guard let name = reader.word(at: offset), let info = reader.byte(at: offset + 4),
                let section = reader.half(at: offset + 6), section != 0, info >> 4 == 1 || info >> 4 == 2,
                reader.has(prefix, at: names.lowerBound + UInt64(name))
            else { return nil }
            return reader.text(at: UInt64(name), in: names)
        }
    }

    private func strings(of section: Section) -> Range<UInt64>? {
        guard Int(section.link) < sections.count else { return nil }
        let table = sections[Int(section.link)]
        return table.offset..<table.offset + table.size
    }

    private static func section(
        _ reader: ELFReader,
        at table: UInt64,
        _ index: UInt64,
        _ size: UInt64
    ) -> Section? {
        let (start, overflows) = table.addingReportingOverflow(index * size)
        guard !overflows, let kind = reader.word(at: start + 4), let offset = reader.long(at: start + 24),
            let length = reader.long(at: start + 32), let link = reader.word(at: start + 40),
            let entrySize = reader.long(at: start + 56)
        else { return nil }
        // Section kind 8 takes no room in the file.
        let isInside = offset <= reader.count && length <= reader.count - min(offset, reader.count)
        guard isInside || kind == 8 || kind == 0 else { return nil }
        return Section(kind: kind, offset: offset, size: length, link: link, entrySize: entrySize)
    }
}
