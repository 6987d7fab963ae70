import FoundationEssentials
import Testing

@testable import Torznab

@Suite("Reading XML", .timeLimit(.minutes(1)))
struct XMLReaderTests {
    private final class Log: XMLVisitor {
        var lines: [String] = []

        func begin(_ element: XMLElement) throws {
            let attributes = element.attributes.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            lines.append("<\(element.name) \(attributes)")
        }

        func end(_ name: String, prefix: String?, text: String) throws { lines.append(">\(name) \(text)") }
    }

    private func damage(_ text: String) -> XMLDamage? {
        do {
            try XMLReader.read(Data(text.utf8), into: Log())
            return nil
        } catch { return error as? XMLDamage }
    }

    @Test("elements come in order, without prefixes, with entities of XML resolved")
    func order() throws {
        let log = Log()
        try XMLReader.read(Data("<A><n:B x='1&amp;2'>t&lt;<![CDATA[<u>]]></n:B></A>".utf8), into: log)
        #expect(log.lines == ["<a ", "<b x=1&2", ">b t<<u>", ">a "])
    }

    @Test("a text that ends in the middle is told from one that is wrong")
    func kinds() {
        for text in ["", " ", "<a>", "<a><b", "<a><![CDATA[x", "<a b='"] {
            #expect(damage(text) == .endsEarly, "\(text)")
        }
        for text in ["x", "<a></b>", "<a>&nbsp</a>", "<a/><b/>"] {
            guard case .malformed(1, let reason) = damage(text) else {
                Issue.record("\(text)")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test(
        "a document that defines entities is refused before they grow",
        arguments: ["<!ENTITY a 'aaaa'>", "<!ENTITY % a 'aaaa'>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>"]
    )
    func bomb(definition: String) {
        #expect(damage("<!DOCTYPE a [\(definition)]><a>&a;</a>") == .definesEntities)
    }

    @Test("a document type without entities is read, as NZBs have one")
    func documentType() {
        let type = "<!DOCTYPE nzb PUBLIC '-//newzBin//DTD NZB 1.1//EN' 'http://www.newzbin.com/x.dtd'>"
        #expect(damage(type + "<nzb/>") == nil)
    }

    @Test(
        "what indexers get wrong is read as it was meant",
        arguments: [
            ("<a>Caf&eacute;&nbsp;&ndash; &unknown;</a>", "Café\u{A0}– &unknown;"),
            ("\n <?xml version='1.0'?><a>x</a>", "x"),
            ("<a>x\u{B}y\u{0}z</a>", "x y z"), ("\u{FEFF}<a>x</a>", "x"),
        ]
    )
    func repairs(document: String, text: String) throws {
        let log = Log()
        try XMLReader.read(Data(document.utf8), into: log)
        #expect(log.lines.last == ">a " + text)
    }

    @Test(
        "bytes that are no UTF-8 cost no more than their letters",
        arguments: ["", "<?xml version='1.0' encoding='UTF-8'?>"]
    )
    func damagedLetters(head: String) throws {
        let log = Log()
        try XMLReader.read(Data((head + "<a>x").utf8) + [0xFF] + Data("y</a>".utf8), into: log)
        #expect(log.lines.last == ">a x\u{FFFD}y")
    }

    @Test("depth is bounded")
    func depth() {
        #expect(damage(String(repeating: "<a>", count: 100_000)) == .tooDeep)
    }

    @Test("a text of any length costs no more than its limit")
    func longText() throws {
        let log = Log()
        try XMLReader.read(Data("<a>\(String(repeating: "x", count: 10 << 20))</a>".utf8), into: log)
        #expect(log.lines.last?.utf8.count == ">a ".utf8.count + XMLReader.longestText)
    }

    @Test("other encodings are read, an unknown one is said to be wrong")
    func encodings() throws {
        let log = Log()
        let head = Data("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8)
        try XMLReader.read(head + [0xE9] + Data("</a>".utf8), into: log)
        #expect(log.lines.last == ">a é")
        guard case .malformed = damage("<?xml version='1.0' encoding='x-unknown'?><a/>") else {
            Issue.record("An unknown encoding was read.")
            return
        }
    }
}
