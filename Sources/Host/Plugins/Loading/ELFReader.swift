import FoundationEssentials

/// Little-endian numbers at offsets of a file; `nil` outside of it.
struct ELFReader {
    let bytes: Data

    var count: UInt64 { UInt64(bytes.count) }

    func byte(at offset: UInt64) -> UInt8? { number(at: offset) }
    func half(at offset: UInt64) -> UInt16? { number(at: offset) }
    func word(at offset: UInt64) -> UInt32? { number(at: offset) }
    func long(at offset: UInt64) -> UInt64? { number(at: offset) }

    /// Whether `prefix` stands at `offset`.
    func has(_ prefix: [UInt8], at offset: UInt64) -> Bool {
        guard offset <= count, UInt64(prefix.count) <= count - offset else { return false }
        return bytes.withUnsafeBytes { $0[Int(offset)..<Int(offset) + prefix.count].elementsEqual(prefix) }
    }

    /// The NUL-terminated text at `offset` of `table`, at most 4096 bytes of it.
    func text(at offset: UInt64, in table: Range<UInt64>) -> String? {
        let length = table.upperBound - table.lowerBound
        guard offset < length, table.upperBound <= count else { return nil }
        let start = Int(table.lowerBound + offset)
        let end = min(Int(table.upperBound), start + 4096)
        return bytes.withUnsafeBytes { bytes in
            String(decoding: bytes[start..<end].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private func number<Number: FixedWidthInteger>(at offset: UInt64) -> Number? {
        let size = UInt64(MemoryLayout<Number>.size)
        guard offset <= count, size <= count - offset else { return nil }
        return bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: Int(offset), as: Number.self))
        }
    }
}
