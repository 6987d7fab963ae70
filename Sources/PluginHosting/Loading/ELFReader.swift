import FoundationEssentials

/// Little-endian numbers at offsets of a piece of a file; `nil` outside of it.
struct ELFReader {
    let bytes: Data

    var count: Int { bytes.count }

    func byte(at offset: Int) -> UInt8? { number(at: offset) }
    func half(at offset: Int) -> UInt16? { number(at: offset) }
    func word(at offset: Int) -> UInt32? { number(at: offset) }
    func long(at offset: Int) -> UInt64? { number(at: offset) }

    /// Whether `prefix` stands at `offset`.
    func has(_ prefix: [UInt8], at offset: Int) -> Bool {
        guard (0...count).contains(offset), prefix.count <= count - offset else { return false }
        return bytes.withUnsafeBytes { $0[offset..<offset + prefix.count].elementsEqual(prefix) }
    }

    /// The NUL-terminated text at `offset`, at most 4096 bytes of it.
    func text(at offset: Int) -> String? {
        guard (0..<count).contains(offset) else { return nil }
        return bytes.withUnsafeBytes { bytes in
            String(decoding: bytes[offset..<min(count, offset + 4096)].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private func number<Number: FixedWidthInteger>(at offset: Int) -> Number? {
        let size = MemoryLayout<Number>.size
        guard (0...count).contains(offset), size <= count - offset else { return nil }
        return bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }
}
