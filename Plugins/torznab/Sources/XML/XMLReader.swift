import CExpat
import FoundationEssentials

/// Reads XML as a stream, so that a document of any shape costs little memory beyond its own bytes.
///
/// Documents that define entities are refused: that is how a few lines become gigabytes. Expat's own limit on
/// amplification stays on behind that. Nothing outside of the document is ever loaded. What indexers often get wrong, and
/// what has one meaning only, is read all the same: see `XMLRepair` and `NamedCharacters`.
final class XMLReader {
    /// Levels of elements.
    static let deepest = 64
    /// Bytes of the text of one element; what is more is left out.
    static let longestText = 64 << 10
    /// Bytes that are read between two looks at whether the call was cancelled.
    private static let portion = 256 << 10

    private let parser: XML_Parser
    private let visitor: any XMLVisitor
    private var depth = 0
    private var text: [UInt8] = []
    private var failure: (any Error)?

    /// Reads the whole of `document`.
    ///
    /// - Throws: `XMLDamage`, `CancellationError`, or what `visitor` has thrown.
    static func read(_ document: Data, into visitor: any XMLVisitor) throws {
        try XMLReader(visitor).read(XMLRepair.repaired(document))
    }

    private init(_ visitor: any XMLVisitor) throws {
        guard let parser = XML_ParserCreate(nil) else { throw XMLDamage.outOfMemory }
        self.parser = parser
        self.visitor = visitor
        // Unretained: this object outlives the parser, which it frees.
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetBillionLaughsAttackProtectionMaximumAmplification(parser, 10)
        XML_SetBillionLaughsAttackProtectionActivationThreshold(parser, 1 << 20)
        // As if there were a document type elsewhere, which is never asked for: names that are not defined are then told
        // of rather than refused.
        XML_UseForeignDTD(parser, XML_Bool(XML_TRUE))
        setHandlers()
    }

    deinit { XML_ParserFree(parser) }

    private func setHandlers() {
        XML_SetElementHandler(
            parser,
            { context, name, attributes in XMLReader.at(context).begin(name, attributes) },
            { context, name in XMLReader.at(context).end(name) }
        )
        XML_SetCharacterDataHandler(parser) { context, bytes, count in
            XMLReader.at(context).add(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
        }
        XML_SetSkippedEntityHandler(parser) { context, name, isParameter in
            guard isParameter == 0, let name else { return }
            XMLReader.at(context).addCharacter(named: String(cString: name))
        }
        XML_SetEntityDeclHandler(parser) { context, _, _, _, _, _, _, _, _ in
            XMLReader.at(context).fail(XMLDamage.definesEntities)
        }
    }

    private func read(_ document: Data) throws {
        try document.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: Self.portion) {
                try Task.checkCancellation()
                try feed(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.portion, bytes.count)]))
            }
            try feed(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        }
    }

    private func feed(_ bytes: UnsafeRawBufferPointer, isLast: Bool = false) throws {
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        let status = XML_Parse(parser, start, CInt(bytes.count), isLast ? 1 : 0)
        if let failure { throw failure }
        guard status == XML_STATUS_OK else { throw damage() }
    }

    private func damage() -> XMLDamage {
        let code = XML_GetErrorCode(parser)
        switch code {
        case XML_ERROR_NO_ELEMENTS, XML_ERROR_UNCLOSED_TOKEN, XML_ERROR_PARTIAL_CHAR, XML_ERROR_UNCLOSED_CDATA_SECTION:
            return .endsEarly
        case XML_ERROR_AMPLIFICATION_LIMIT_BREACH: return .definesEntities
        case XML_ERROR_NO_MEMORY: return .outOfMemory
        default:
            let reason = XML_ErrorString(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
            return .malformed(line: Int(XML_GetCurrentLineNumber(parser)), reason: reason)
        }
    }

    // MARK: What Expat tells

    private func begin(_ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?)
    {
        depth += 1
        text.removeAll(keepingCapacity: true)
        guard depth <= Self.deepest else { return fail(XMLDamage.tooDeep) }
        let (prefix, local) = Self.split(name)
        let element = XMLElement(prefix: prefix, name: local, attributes: Self.list(attributes), depth: depth)
        attempt { try visitor.begin(element) }
    }

    private func end(_ name: UnsafePointer<XML_Char>?) {
        depth -= 1
        let content = String(decoding: text, as: UTF8.self)
        text.removeAll(keepingCapacity: true)
        let (prefix, local) = Self.split(name)
        attempt { try visitor.end(local, prefix: prefix, text: content) }
    }

    private func add(_ bytes: UnsafeRawBufferPointer) {
        text.append(contentsOf: bytes.prefix(Self.longestText - text.count))
    }

    private func addCharacter(named name: String) {
        let character = NamedCharacters.all[name].map { String($0) } ?? "&\(name);"
        Array(character.utf8).withUnsafeBytes(add)
    }

    private func attempt(_ work: () throws -> Void) {
        guard failure == nil else { return }
        do { try work() } catch { fail(error) }
    }

    /// Ends the reading; Expat may still tell of an end that belongs to what it has begun.
    private func fail(_ error: any Error) {
        failure = failure ?? error
        XML_StopParser(parser, XML_Bool(XML_FALSE))
    }

    private static func split(_ name: UnsafePointer<XML_Char>?) -> (prefix: String?, local: String) {
        let name = name.map { String(cString: $0) } ?? ""
        guard let colon = name.lastIndex(of: ":") else { return (nil, name.lowercased()) }
        return (String(name[..<colon]), name[name.index(after: colon)...].lowercased())
    }

    /// Names and values in turn, until the first null.
    private static func list(
        _ pairs: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) -> [(name: String, value: String)] {
        guard var next = pairs else { return [] }
        var list: [(name: String, value: String)] = []
        while let name = next[0], let value = next[1] {
            list.append((String(cString: name), String(cString: value)))
            next += 2
        }
        return list
    }

    /// The reader behind a callback's context, which lives as long as the parser that calls back.
    private static func at(_ context: UnsafeMutableRawPointer?) -> XMLReader {
        // Never null: `init` has set it before any handler.
        Unmanaged<XMLReader>.fromOpaque(context!).takeUnretainedValue()
    }
}
