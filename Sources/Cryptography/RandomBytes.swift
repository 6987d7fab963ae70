internal import CCrypto

/// Bytes that nobody can guess, from OpenSSL's generator, which the kernel seeds.
package enum RandomBytes {
    /// Some bytes.
    package static func make(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
            initialized = count
        }
    }

    /// Fills a buffer.
    package static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard RAND_bytes(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(buffer.count)) == 1 else {
            CryptographyError.endProcess("make random bytes")
        }
    }

    /// A secret to hand out, such as an API key or a session, as base64url without padding.
    ///
    /// - Parameter bytes: how many random bytes; 32 give 43 characters.
    package static func token(bytes: Int = 32) -> String { Base64URL.encode(make(bytes)) }

    /// A random UUID (RFC 9562, version 4) in lower case, 36 characters.
    package static func uuid() -> String {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { bytes in
            fill(bytes)
            bytes[6] = bytes[6] & 0x0F | 0x40
            bytes[8] = bytes[8] & 0x3F | 0x80
            return String(unsafeUninitializedCapacity: 36) { text in
                var position = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    text[position] = Hex.digit(byte >> 4)
                    text[position + 1] = Hex.digit(byte & 15)
                    position += 2
                }
                return position
            }
        }
    }
}
