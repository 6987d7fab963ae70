import FoundationEssentials
import PluginAPI

/// Writes JSON straight into bytes.
///
/// The pages of the queue are built from this: an encoder that goes through `Encodable` is some twenty times slower.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(reserving capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes an object whose members `body` writes.
    mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array of `elements`.
    mutating func array<Element>(_ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void) {
        open(UInt8(ascii: "["))
        for element in elements { body(&self, element) }
        close(UInt8(ascii: "]"))
    }

    /// Writes the name of the next member.
    ///
    /// It must not need escaping.
    mutating func key(literal name: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the name of the next member.
    mutating func key(_ name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ text: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { append(escaping: $0) }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func value(_ number: some BinaryInteger) {
        comma()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// A number that JSON cannot express becomes `null`.
    mutating func value(_ number: Double) {
        guard number.isFinite else { return null() }
        comma()
        if number == number.rounded(), abs(number) < 1e15 {
            bytes.append(contentsOf: String(Int64(number)).utf8)
        } else {
            bytes.append(contentsOf: number.description.utf8)
        }
    }

    mutating func value(_ flag: Bool) {
        comma()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func value(_ date: Date) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            date.writeISO8601(to: buffer)
            bytes.append(contentsOf: buffer)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func null() {
        comma()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes bytes that are JSON already.
    mutating func raw(_ json: some Sequence<UInt8>) {
        comma()
        bytes.append(contentsOf: json)
    }

    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): self.value(flag)
        case .integer(let number): self.value(number)
        case .number(let number): self.value(number)
        case .string(let text): self.value(text)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let members):
            object { writer in
                for (key, value) in members.sorted(by: { $0.key < $1.key }) { writer.member(key, value) }
            }
        }
    }

    private mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        self.value(value)
    }

    private mutating func open(_ bracket: UInt8) {
        comma()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
            bytes.append(contentsOf: text[start..<index])
            start = index + 1
            switch byte {
            case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
            case 0x0A: bytes.append(contentsOf: [0x5C, UInt8(ascii: "n")])
            case 0x0D: bytes.append(contentsOf: [0x5C, UInt8(ascii: "r")])
            case 0x09: bytes.append(contentsOf: [0x5C, UInt8(ascii: "t")])
            default:
                bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, Self.hex[Int(byte >> 4)], Self.hex[Int(byte & 15)]])
            }
        }
        bytes.append(contentsOf: text[start...])
    }

    private static let hex = Array("0123456789abcdef".utf8)
}

extension JSONWriter {
    /// Writes the member `name` with `value`, or with `null`.
    mutating func member(_ name: StaticString, _ value: String?) {
        key(literal: name)
        if let value { self.value(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: Date?) {
        key(literal: name)
        if let value { self.value(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: Double?) {
        key(literal: name)
        if let value { self.value(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: (some BinaryInteger)?) {
        key(literal: name)
        if let value { self.value(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        key(literal: name)
        self.value(value)
    }

    mutating func member(_ name: StaticString, json value: JSONValue) {
        key(literal: name)
        self.value(value)
    }

    mutating func member(_ name: StaticString, _ values: [String]) {
        key(literal: name)
        array(values) { $0.value($1) }
    }

    /// `value` as text.
    static func text(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The bytes of an object whose members `body` writes.
    static func object(reserving capacity: Int = 256, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(reserving: capacity)
        writer.object(body)
        return writer.bytes
    }
}
