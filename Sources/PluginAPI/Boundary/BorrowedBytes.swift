package import CKinodockPlugin
package import FoundationEssentials

extension kinodock_bytes {
    /// The bytes in memory of our own.
    package var copy: Data {
        guard let data, count > 0 else { return Data() }
        return Data(bytes: data, count: count)
    }

    /// The bytes as text; a byte sequence that is not UTF-8 is repaired.
    package var text: String {
        String(decoding: UnsafeBufferPointer(start: data, count: data == nil ? 0 : max(0, count)), as: UTF8.self)
    }
}

extension Data {
    /// Lends the bytes to `body` in the form of the C contract, without a copy.
    package func withBorrowedBytes<Result>(_ body: (kinodock_bytes) -> Result) -> Result {
        withUnsafeBytes { bytes in
            body(kinodock_bytes(data: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count))
        }
    }
}

extension String {
    /// Lends the text to `body` in the form of the C contract.
    package func withBorrowedBytes<Result>(_ body: (kinodock_bytes) -> Result) -> Result {
        var text = self
        return text.withUTF8 { body(kinodock_bytes(data: $0.baseAddress, count: $0.count)) }
    }
}
