/// Writes JSON (RFC 8259) byte by byte, without blanks.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether everything could be written; an infinite number, for example, cannot.
    private(set) var isExact = true

    /// - Parameter capacity: the bytes that the message will take, as far as that is known.
    init(capacity: Int = 480) {
        bytes.reserveCapacity(capacity)
    }

    /// Makes room for `count` more bytes at once.
    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(bytes.count + count)
    }

    /// Writes an object, whose members `body` writes.
    mutating func object(_ body: (inout Self) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        body(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    mutating func member(_ key: some RawRepresentable<String>, _ value: String) {
        begin(key)
        string(value)
    }

    mutating func member(_ key: some RawRepresentable<String>, _ value: String?) {
        if let value { member(key, value) }
    }

    mutating func member(_ key: some RawRepresentable<String>, _ value: Int64) {
        begin(key)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func member(_ key: some RawRepresentable<String>, _ value: Int?) {
        if let value { member(key, Int64(value)) }
    }

    mutating func member(_ key: some RawRepresentable<String>, _ value: Double?) {
        guard let value else { return }
        begin(key)
        isExact = isExact && value.isFinite
        bytes.append(contentsOf: value.description.utf8)
    }

    mutating func member(_ key: some RawRepresentable<String>, _ value: Bool) {
        begin(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    mutating func member(_ key: some RawRepresentable<String>, _ value: (some DirectJSON)?) {
        guard let value else { return }
        begin(key)
        value.write(to: &self)
    }

    mutating func member(_ key: some RawRepresentable<String>, _ values: [some DirectJSON]) {
        begin(key)
        array(values) { $0.write(to: &$1) }
    }

    mutating func member(_ key: some RawRepresentable<String>, _ values: [String]) {
        begin(key)
        array(values) { $1.string($0) }
    }

    private mutating func array<Element>(_ elements: [Element], _ write: (Element, inout Self) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element, &self)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes the name of a member; the names of messages need no escapes.
    private mutating func begin(_ key: some RawRepresentable<String>) {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key.rawValue.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            if text.contains(where: Self.needsEscape) {
                for byte in text { escape(byte) }
            } else {
                bytes.append(contentsOf: text)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        guard byte >= 0x20 else {
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            return bytes.append(digits[Int(byte & 15)])
        }
        if Self.needsEscape(byte) { bytes.append(UInt8(ascii: "\\")) }
        bytes.append(byte)
    }
}
