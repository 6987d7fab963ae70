import FoundationEssentials

@testable import PluginAPI

/// Makes up messages, the same ones in every run.
struct MessageSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next() % UInt64(elements.count))]
    }

    mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? {
        Bool.random(using: &self) ? value(&self) : nil
    }

    mutating func text() -> String {
        let pieces = [
            "a", "Film.1990", " ", "\"", "\\", "/", "\u{0}", "\u{1f}", "\u{7f}", "\n", "\t", "\r", "\u{8}", "\u{c}",
            "é",
            "e\u{301}", "日本", "😀", "👨‍👩‍👧", "\u{feff}", "\u{2028}", "\u{fffd}", "\u{10ffff}", "{", "}", "[", ",", ":",
            "\\u0041",
        ]
        return (0..<Int.random(in: 0...6, using: &self)).map { _ in pick(pieces) }.joined()
    }

    mutating func integer() -> Int64 {
        switch next() % 4 {
        case 0: pick([0, 1, -1, 9, 10, .max, .min, 999_999_999_999_999_999, 1_000_000_000_000_000_000, 1 << 53 + 1])
        case 1: Int64(bitPattern: next())
        default: Int64.random(in: -1000...1 << 40, using: &self)
        }
    }

    mutating func number() -> Double {
        switch next() % 5 {
        case 0: pick([0, -0.0, 1, -1, 0.1, 1e-5, 1e21, 1.0 / 3, .leastNormalMagnitude, .leastNonzeroMagnitude, 1e308])
        case 1: Double(bitPattern: next() & ~(0x7FF << 52) | UInt64.random(in: 0..<0x7FF, using: &self) << 52)
        default: Double.random(in: -10...1000, using: &self)
        }
    }

    mutating func item() -> DownloadItem {
        var item = DownloadItem(id: text(), name: text(), state: .queued)
        item.state = Open(Bool.random(using: &self) ? pick(DownloadItem.State.allCases).rawValue : text())
        item.size = integer()
        item.remaining = integer()
        item.isComplete = .random(using: &self)
        item.downloadSpeed = integer()
        item.uploadSpeed = integer()
        item.eta = maybe { Int($0.integer()) }
        item.seeders = maybe { Int($0.integer()) }
        item.leechers = maybe { Int($0.integer()) }
        item.peers = maybe { Int($0.integer()) }
        item.availability = maybe { $0.number() }
        item.ratio = maybe { $0.number() }
        item.category = maybe { $0.text() }
        item.savePath = maybe { $0.text() }
        item.contentPath = maybe { $0.text() }
        item.infoHash = maybe { $0.text() }
        item.canMoveFiles = .random(using: &self)
        item.canBeRemoved = .random(using: &self)
        item.message = maybe { $0.text() }
        return item
    }

    mutating func list<Element>(_ element: (inout Self) -> Element) -> [Element] {
        (0..<Int.random(in: 0...4, using: &self)).map { _ in element(&self) }
    }

    mutating func changes() -> DownloadChanges {
        DownloadChanges(
            cursor: text(),
            isComplete: .random(using: &self),
            items: list { $0.item() },
            removed: list { $0.text() }
        )
    }

    mutating func availability() -> FileAvailability {
        FileAvailability(
            path: text(),
            size: integer(),
            ranges: list { FileRange(offset: $0.integer(), length: $0.integer()) }
        )
    }

    mutating func file() -> DownloadFile {
        DownloadFile(
            index: Int(integer()),
            path: text(),
            size: integer(),
            completed: integer(),
            isWanted: .random(using: &self)
        )
    }
}

extension MessageSource {
    /// JSON as another writer may put it: blanks, any order, unknown members, numbers and strings in other forms.
    mutating func rewritten(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): pick(["\(value)", "\(value)", "\(value)", "\(value).0", "\(value)e0"])
        case .number(let value): "\(value)"
        case .string(let value): quoted(value)
        case .array(let elements): "[" + elements.map { rewritten($0) + blank() }.joined(separator: "," + blank()) + "]"
        case .object(let members): object(members)
        }
    }

    private mutating func object(_ members: [String: JSONValue]) -> String {
        var written = members.shuffled(using: &self).map { name, value in
            blank() + quoted(name) + blank() + ":" + blank() + rewritten(value) + blank()
        }
        let strange = [
            #""x":null"#, #""x":{"id":[1,-2.5e-3,{"a":"\u00e9"}],"":{}}"#, #""":"\ud83d\ude00""#,
            #""é":[[],[true,false]]"#,
        ]
        if next() % 3 == 0 { written.insert(pick(strange), at: Int(next() % UInt64(written.count + 1))) }
        return "{" + written.joined(separator: ",") + "}"
    }

    private mutating func quoted(_ text: String) -> String {
        guard next() % 3 == 0 else {
            return String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
        }
        let escaped = text.utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: next() % 2 == 0)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "\"" + escaped.joined() + "\""
    }

    private mutating func blank() -> String {
        pick(["", "", "", " ", "\n\t", "\r\n  "])
    }

    /// `bytes` with some of them changed, dropped, doubled or exchanged with parts of JSON.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let parts = [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "\\u", "\\ud800", "null", "tru", "1e999",
            "01",
        ]
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let place = Int(next() % UInt64(bytes.count + 1))
            switch next() % 5 {
            case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: next())
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2: bytes.removeSubrange(place...)
            case 3: bytes.insert(contentsOf: bytes.prefix(Int(next() % 40)), at: place)
            default: bytes.insert(contentsOf: pick(parts).utf8, at: place)
            }
        }
        return bytes
    }
}
