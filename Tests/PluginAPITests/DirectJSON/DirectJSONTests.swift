import FoundationEssentials
import Testing

@testable import PluginAPI

/// The direct way and the coders must be one and the same for whoever is at the other end.
@Suite("JSON without the coders", .timeLimit(.minutes(1)))
struct DirectJSONTests {
    /// Reads what either way has written with the other one.
    private func expectAgreement<Message: DirectJSON & Equatable>(_ message: Message) throws {
        let direct = try #require(message.json)
        #expect(try JSONDecoder().decode(Message.self, from: direct) == message)
        let encoded = try JSONEncoder().encode(message)
        #expect(try WireJSON.decode(Message.self, from: encoded) == message)
        #expect(try WireJSON.decode(Message.self, from: direct) == message)
        if let read = Message.read(encoded) { #expect(read == message) }
    }

    @Test("agrees with the coders on every message", arguments: 0..<4)
    func agreement(seed: UInt64) throws {
        var source = MessageSource(seed: seed)
        for _ in 0..<250 {
            try expectAgreement(source.item())
            try expectAgreement(source.changes())
            try expectAgreement(source.availability())
            try expectAgreement(source.file())
        }
    }

    @Test("agrees with the coders on parameters and small results", arguments: 0..<4)
    func parameters(seed: UInt64) throws {
        var source = MessageSource(seed: seed)
        for _ in 0..<200 {
            try expectAgreement(Same(IDParameters(id: source.text())))
            try expectAgreement(Same(ChangesParameters(cursor: source.maybe { $0.text() })))
            try expectAgreement(Same(RemoveParameters(id: source.text(), deletingData: .random(using: &source))))
            try expectAgreement(Same(AvailabilityParameters(id: source.text(), fileIndex: Int(source.integer()))))
            try expectAgreement(Same(ItemResult(item: source.maybe { $0.item() })))
            try expectAgreement(Same(FilesResult(files: source.list { $0.file() })))
        }
        try expectAgreement(Same(None()))
    }

    @Test("takes the direct way for the messages of real clients")
    func usualMessages() throws {
        var item = DownloadItem(id: "c1e5", name: "Amélie \"2001\" 😀", state: .seeding)
        item.size = 700 << 20
        item.eta = 0
        item.availability = 1.253
        item.ratio = 0.3333333333333333
        let changes = DownloadChanges(cursor: "17", isComplete: true, items: [item], removed: ["x"])
        #expect(DownloadChanges.read(try JSONEncoder().encode(changes)) == changes)
        #expect(DownloadChanges.read(try #require(changes.json)) == changes)
        #expect(IDParameters.read(Data(#" { "id" : "7" , "new" : [ 1 ] } "#.utf8))?.id == "7")
        #expect(ItemResult.read(Data("{}".utf8)) != nil && ItemResult.read(Data(#"{"item":null}"#.utf8)) != nil)
        #expect(None.read(Data("{}".utf8)) != nil)
    }

    @Test("reads what other writers make of a message", arguments: 0..<4)
    func otherWriters(seed: UInt64) throws {
        var source = MessageSource(seed: seed)
        for _ in 0..<250 {
            let changes = source.changes()
            let value = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(changes))
            let json = Data(source.rewritten(value).utf8)
            let expected = try? JSONDecoder().decode(DownloadChanges.self, from: json)
            #expect((try? WireJSON.decode(DownloadChanges.self, from: json)) == expected)
            if let read = DownloadChanges.read(json) { #expect(read == expected) }
        }
    }

    @Test("never takes what JSONDecoder refuses, and never takes it for something else", arguments: 0..<8)
    func damaged(seed: UInt64) throws {
        var source = MessageSource(seed: seed)
        for _ in 0..<250 {
            let whole = [UInt8](try JSONEncoder().encode(source.changes()))
            let json = Data(source.damaged(whole))
            guard let read = DownloadChanges.read(json) else { continue }
            #expect((try? JSONDecoder().decode(DownloadChanges.self, from: json)) == read)
        }
    }

    @Test("does not crash at any bytes", arguments: 0..<4)
    func noise(seed: UInt64) {
        var source = MessageSource(seed: seed)
        for _ in 0..<2000 {
            let json = Data((0..<source.next() % 64).map { _ in UInt8(truncatingIfNeeded: source.next()) })
            #expect(DownloadItem.read(json) == nil)
        }
    }

    @Test("a message that is cut anywhere is refused")
    func truncated() throws {
        var source = MessageSource(seed: 1)
        let json = try #require(source.changes().json)
        for count in 0..<json.count { #expect(DownloadChanges.read(json.prefix(count)) == nil) }
    }

    @Test(
        "leaves to JSONDecoder what is doubtful",
        arguments: [
            #"{"id":"7","id":"8"}"#, #"{"id":"\ud800"}"#, #"{"id":"\udc00\ud800"}"#, #"{"id":"\u00g0"}"#,
            #"{"id":"\x"}"#,
            #"{"id":"7"}x"#, #"{"id":"7",}"#, #"{,"id":"7"}"#, #"{"id":7}"#, #"{"id":null}"#, #"{}"#, "", "[]",
            #"{"id":"7","n":01}"#, #"{"id":"7","n":1.}"#, #"{"id":"7","n":.5}"#, #"{"id":"7","n":+1}"#,
            #"{"id":"7","n":-}"#, #"{"id":"7","n":nul}"#, #"{"id":"7","n":[1,]}"#, #"{"id":"7","n":{"a"}}"#,
            "{\"id\":\"a\u{1}\"}", "\u{feff}{\"id\":\"7\"}", #"{"id":"7""#, #"{"id":"7"#, #"{'id':'7'}"#,
            #"{"id":"7","n":"# + String(repeating: "[", count: 100_000),
        ]
    )
    func doubtful(json: String) {
        #expect(IDParameters.read(Data(json.utf8)) == nil)
        let decoded = try? JSONDecoder().decode(IDParameters.self, from: Data(json.utf8))
        #expect((try? WireJSON.decode(IDParameters.self, from: Data(json.utf8)))?.id == decoded?.id)
    }

    @Test(
        "refuses text that is not UTF-8",
        arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]]
    )
    func invalidText(bytes: [UInt8]) {
        #expect(IDParameters.read(Data(#"{"id":""#.utf8) + bytes + Data(#""}"#.utf8)) == nil)
        #expect(IDParameters.read(Data(#"{"id":"7","x":""#.utf8) + bytes + Data(#""}"#.utf8)) == nil)
    }

    @Test(
        "numbers may have a fraction or an exponent when they are whole",
        arguments: ["5", "5.0", "5e0", "0.5e1", "50e-1"]
    )
    func wholeNumbers(number: String) throws {
        let json = Data(#"{"id":"7","file_index":\#(number)}"#.utf8)
        #expect(try WireJSON.decode(AvailabilityParameters.self, from: json).fileIndex == 5)
    }

    @Test(
        "leaves numbers to JSONDecoder that are written in an unusual way",
        arguments: [
            "01", "-0", "00", "-01", "-", "", "+1", "1.5", "1.", "1e", "1e1", "0x1", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "1000000000000000000", "true", "\"1\"", "NaN",
        ]
    )
    func unusualIntegers(number: String) {
        let json = Data(#"{"offset":\#(number),"length":1}"#.utf8)
        #expect(FileRange.read(json) == nil)
        #expect(
            (try? WireJSON.decode(FileRange.self, from: json))
                == (try? JSONDecoder().decode(FileRange.self, from: json))
        )
    }

    @Test(
        "reads the same number as JSONDecoder, or leaves it to that",
        arguments: [
            "0", "0.0", "-0", "-0.0", "0e5", "1", "-1.5", "0.1", "1e-5", "1E+5", "1.7976931348623157e308", "1e999",
            "1e-999",
            "5e-324", "2.2250738585072014e-308", "9007199254740993", "123456789012345678901234567890", "01.5", "1.",
            ".5",
            "1.e5", "-", "inf", "nan", "0x1p3", "1_0",
        ]
    )
    func decimals(number: String) {
        let whole = String(decoding: DownloadItem(id: "", name: "", state: .queued).json ?? Data(), as: UTF8.self)
        let json = Data((whole.dropLast() + #","ratio":\#(number)}"#).utf8)
        let decoded = try? JSONDecoder().decode(DownloadItem.self, from: json)
        #expect((try? WireJSON.decode(DownloadItem.self, from: json)) == decoded)
        if let read = DownloadItem.read(json) { #expect(read == decoded) }
    }

    @Test("a number that JSON has no form for is refused", arguments: [Double.nan, .infinity, -.infinity])
    func impossible(number: Double) {
        var item = DownloadItem(id: "7", name: "", state: .queued)
        item.ratio = number
        #expect(throws: EncodingError.self) { try WireJSON.encode(item) }
        #expect(throws: EncodingError.self) { try WireJSON.encode(ItemResult(item: item)) }
    }

    @Test("still names the member at fault")
    func fault() {
        let error = #expect(throws: PluginError.self) {
            try WireJSON.decodeParameters(ItemResult.self, from: Data(#"{"item":{"id":"7","name":3}}"#.utf8))
        }
        #expect(error?.field == "item.name")
    }
}

/// A message that compares as its JSON, for those that need no comparison themselves.
private struct Same<Message: DirectJSON>: DirectJSON, Equatable {
    let message: Message

    init(_ message: Message) { self.message = message }
    init(from decoder: any Decoder) throws { message = try Message(from: decoder) }
    func encode(to encoder: any Encoder) throws { try message.encode(to: encoder) }
    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) { message = try Message(reading: &reader) }
    func write(to writer: inout MessageWriter) { message.write(to: &writer) }

    static func == (one: Self, other: Self) -> Bool {
        one.message.json == other.message.json
    }
}
