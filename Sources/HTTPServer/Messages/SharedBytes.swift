/// Immutable bytes that any number of responses send without copying them.
///
/// `@unchecked Sendable`: the memory is written before the initializer returns and never again.
package final class SharedBytes: @unchecked Sendable {
    let buffer: UnsafeMutableRawBufferPointer

    /// Copies `bytes` once.
    package init(_ bytes: [UInt8]) {
        buffer = .allocate(byteCount: max(bytes.count, 1), alignment: 1)
        count = bytes.count
        buffer.copyBytes(from: bytes)
    }

    /// The number of bytes.
    package let count: Int

    deinit {
        buffer.deallocate()
    }
}
