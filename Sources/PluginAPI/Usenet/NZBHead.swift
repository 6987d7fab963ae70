/// What stands before the first file of an NZB: the root element, and the head with its meta elements.
struct NZBHead {
    /// Bytes in which the root element has to begin.
    private static let longestProlog = 64 << 10
    /// Bytes of the head element that are read.
    private static let longestHead = 256 << 10
    /// Characters of a value that are kept.
    private static let longestValue = 1000

    /// The texts of the meta elements by their type in lower case; of several the first.
    private(set) var metas: [String: String] = [:]
    /// Where the files begin.
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(NZBDamage) {
        var scanner = ByteScanner(bytes)
        try Self.refuseOtherFormats(scanner)
        scanner.skip("\u{FEFF}")
        try Self.skipProlog(&scanner)
        try Self.checkRoot(&scanner)
        var at = scanner
        at.end = min(bytes.count, scanner.position + Self.longestHead)
        // Every turn moves on by one byte at least.
        while at.moveTo("<"), !at.starts("<file"), !at.starts("</head") {
            if at.starts("<meta"), let meta = at.takeMeta(), metas[meta.type] == nil {
                metas[meta.type] = String(meta.text.prefix(Self.longestValue))
            } else {
                at.position += 1
            }
        }
        end = scanner.position
    }

    private static func refuseOtherFormats(_ scanner: ByteScanner) throws(NZBDamage) {
        let packed: [(begin: [UInt8], name: String)] = [
            ([0x1F, 0x8B], "gzip"), (Array("PK\u{3}\u{4}".utf8), "zip"), (Array("Rar!".utf8), "rar"),
            ([0x37, 0x7A, 0xBC, 0xAF], "7z"),
        ]
        guard scanner.end > 0 else { throw NZBDamage("it is empty") }
        for (begin, name) in packed where scanner.starts(begin) {
            throw NZBDamage("it is a \(name) archive; unpack it and use the NZB in it")
        }
        if scanner.starts([0xFF, 0xFE]) || scanner.starts([0xFE, 0xFF]) {
            throw NZBDamage("its text is in UTF-16; save it as UTF-8")
        }
    }

    private static func skipProlog(_ scanner: inout ByteScanner) throws(NZBDamage) {
        while true {
            scanner.skipSpace()
            guard scanner.position < longestProlog, scanner.starts("<") else {
                throw NZBDamage("it does not begin as XML does")
            }
            if scanner.starts("<?") {
                try skip(to: "?>", &scanner)
            } else if scanner.starts("<!--") {
                try skip(to: "-->", &scanner)
            } else if scanner.starts("<!") {
                try skipDocumentType(&scanner)
            } else {
                return
            }
        }
    }

    private static func skip(to mark: StaticString, _ scanner: inout ByteScanner) throws(NZBDamage) {
        guard scanner.moveTo(mark), scanner.position < longestProlog else { throw NZBDamage("it is cut off") }
        scanner.position += mark.utf8CodeUnitCount
    }

    private static func skipDocumentType(_ scanner: inout ByteScanner) throws(NZBDamage) {
        let begin = scanner.position
        guard scanner.moveTo(">") else { throw NZBDamage("it is cut off") }
        let declaration = String(decoding: scanner.bytes[begin..<min(scanner.position, begin + 4096)], as: UTF8.self)
        guard !declaration.contains("["), !declaration.lowercased().contains("<!entity") else {
            throw NZBDamage("it defines entities of its own, which no NZB needs")
        }
        if declaration.lowercased().hasPrefix("<!doctype html") { throw NZBDamage(webPage) }
        scanner.position += 1
    }

    private static let webPage = "it is a web page, perhaps one that says why there is no NZB"

    private static func checkRoot(_ scanner: inout ByteScanner) throws(NZBDamage) {
        let begin = scanner.position + 1
        guard scanner.moveTo(">") else { throw NZBDamage("it is cut off") }
        let tag = String(decoding: scanner.bytes[begin..<min(scanner.position, begin + 1000)], as: UTF8.self)
        let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
        scanner.position += 1
        switch name.split(separator: ":").last?.lowercased() {
        case "nzb": return
        case "html": throw NZBDamage(webPage)
        case "error":
            let reason = ByteScanner.attribute("description", in: tag).map { ": \($0.prefix(200))" } ?? ""
            throw NZBDamage("it is an error message of the indexer\(reason)")
        default: throw NZBDamage("its outermost element is <\(name.prefix(40))>")
        }
    }
}
