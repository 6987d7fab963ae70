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
        /// Of an entry in the table of sections.
        static let size = 64

        let name: UInt32
        let kind: UInt32
        let flags: UInt64
        let offset: UInt64
        let size: UInt64
        let link: UInt32
    }

    /// A table of the dynamic linker with the texts that its entries name.
    private struct Table {
        let entries: ELFReader
        let texts: ELFReader
    }

    /// What the file holds of a section.
    enum Content: Equatable {
        case absent
        /// Longer than the reader wants; the size in bytes.
        case tooLong(UInt64)
        case bytes(Data)
    }

    /// e_machine numbers of the machines that Kinodock runs on.
    static let machineNames: [UInt16: String] = [3: "x86", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64"]
    static let sharedObject: UInt16 = 3
    /// More results than this are a forgery; each can be 4096 bytes long.
    private static let mostResults = 1000
    /// The longest table of the names of sections; that of a real library has some hundred bytes.
    private static let longestNames: UInt64 = 1 << 20

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
    private let sections: [Section]
    private let sectionNames: ELFReader?
    private let symbols: Table?
    private let dynamic: Table?

    init(_ source: ELFSource) throws(Fault) {
        guard let header = source.piece(at: 0, count: min(64, source.size)) else { throw .truncated }
        guard header.has([0x7F, 0x45, 0x4C, 0x46], at: 0) else { throw .notELF }
        guard let fileClass = header.byte(at: 4), let order = header.byte(at: 5) else { throw .truncated }
        guard fileClass == 2 else { throw .not64Bit }
        guard order == 1 else { throw .notLittleEndian }
        guard let type = header.half(at: 16), let machine = header.half(at: 18) else { throw .truncated }
        let sections = try Self.sections(header, source)
        self.type = type
        self.machine = machine
        self.sections = sections
        sectionNames = Self.sectionNames(header, sections, source)
        symbols = Self.table(of: 11, in: sections, source)
        dynamic = Self.table(of: 6, in: sections, source)
    }

    /// The name of `machine` as people write it.
    static func name(ofMachine machine: UInt16) -> String {
        machineNames[machine] ?? "machine number \(machine)"
    }

    /// The exported functions and variables whose names start with `prefix`.
    func exports(prefix: String) -> [String] {
        guard let symbols else { return [] }
        let (wanted, entries) = (Array(prefix.utf8), symbols.entries)
        let found = stride(from: 0, to: entries.count, by: 24).lazy.compactMap { offset -> String? in
            // A symbol of section 0 is one that the file wants from others; binding 1 and 2 are global and weak.
            guard let name = entries.word(at: offset), let info = entries.byte(at: offset + 4),
                let section = entries.half(at: offset + 6), section != 0, info >> 4 == 1 || info >> 4 == 2,
                symbols.texts.has(wanted, at: Int(name))
            else { return nil }
            return symbols.texts.text(at: Int(name))
        }
        return Array(found.prefix(Self.mostResults))
    }

    /// The libraries that must be found when the file is loaded.
    var neededLibraries: [String] {
        guard let dynamic else { return [] }
        let found = stride(from: 0, to: dynamic.entries.count, by: 16).lazy.compactMap { offset -> String? in
            guard dynamic.entries.long(at: offset) == 1, let name = dynamic.entries.long(at: offset + 8) else {
                return nil
            }
            return dynamic.texts.text(at: Int(clamping: name))
        }
        return Array(found.prefix(Self.mostResults))
    }

    /// Whether the loader writes into the code, so that it differs from the file; `true` when that cannot be told.
    var relocatesCode: Bool {
        guard let dynamic else { return true }
        return stride(from: 0, to: dynamic.entries.count, by: 16).contains { offset in
            let value = dynamic.entries.long(at: offset + 8) ?? 0
            // DT_TEXTREL, and DF_TEXTREL among DT_FLAGS.
            return switch dynamic.entries.long(at: offset) {
            case 22: true
            case 30: value & 4 != 0
            default: false
            }
        }
    }

    /// The bytes of the section called `name`; of several with that name the first.
    ///
    /// - Parameter source: where the file was read from.
    func content(of name: String, atMost limit: UInt64, in source: ELFSource) -> Content {
        let wanted = Array(name.utf8) + [0]
        // Kind 8 takes no room in the file, and of a compressed one (flag 0x800) the bytes are not its content.
        let found = sections.first { section in
            section.kind != 0 && section.kind != 8 && section.flags & 0x800 == 0
                && sectionNames?.has(wanted, at: Int(section.name)) == true
        }
        guard let found else { return .absent }
        guard found.size <= limit else { return .tooLong(found.size) }
        return source.piece(at: found.offset, count: found.size).map { .bytes($0.bytes) } ?? .absent
    }

    private static func sectionNames(_ header: ELFReader, _ sections: [Section], _ source: ELFSource) -> ELFReader? {
        guard let index = header.half(at: 62), Int(index) < sections.count, sections[Int(index)].kind == 3,
            sections[Int(index)].size <= longestNames
        else { return nil }
        return source.piece(at: sections[Int(index)].offset, count: sections[Int(index)].size)
    }

    private static func sections(_ header: ELFReader, _ source: ELFSource) throws(Fault) -> [Section] {
        guard let offset = header.long(at: 40), let size = header.half(at: 58), let count = header.half(at: 60) else {
            throw .truncated
        }
        guard count > 0 else { return [] }
        guard size == Section.size, let table = source.piece(at: offset, count: UInt64(count) * UInt64(size)) else {
            throw .truncated
        }
        var sections: [Section] = []
        for index in 0..<Int(count) {
            guard let section = section(table, at: index * Section.size, source.size) else { throw .truncated }
            sections.append(section)
        }
        return sections
    }

    private static func section(_ table: ELFReader, at start: Int, _ fileSize: UInt64) -> Section? {
        guard let name = table.word(at: start), let kind = table.word(at: start + 4),
            let flags = table.long(at: start + 8), let offset = table.long(at: start + 24),
            let size = table.long(at: start + 32), let link = table.word(at: start + 40)
        else { return nil }
        // Section kind 8 takes no room in the file.
        let isInside = offset <= fileSize && size <= fileSize - min(offset, fileSize)
        guard isInside || kind == 8 || kind == 0 else { return nil }
        return Section(name: name, kind: kind, flags: flags, offset: offset, size: size, link: link)
    }

    /// The first section of that kind, of which a library has one, and the texts (kind 3) that it is linked with.
    private static func table(of kind: UInt32, in sections: [Section], _ source: ELFSource) -> Table? {
        guard let section = sections.first(where: { $0.kind == kind }), Int(section.link) < sections.count,
            sections[Int(section.link)].kind == 3,
            let entries = source.piece(at: section.offset, count: section.size),
            let texts = source.piece(at: sections[Int(section.link)].offset, count: sections[Int(section.link)].size)
        else { return nil }
        return Table(entries: entries, texts: texts)
    }
}
