internal import CMicroHTTPD

/// Makes the library's responses; each result is owned by the caller and `nil` only when memory runs out.
enum MHDResponse {
    /// A response with a copy of `bytes`.
    static func copying(_ bytes: [UInt8]) -> OpaquePointer? {
        bytes.withUnsafeBytes(copying)
    }

    /// A response with a copy of `bytes`.
    static func copying(_ bytes: UnsafeRawBufferPointer) -> OpaquePointer? {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return empty() }
        return MHD_create_response_from_buffer(
            bytes.count,
            UnsafeMutableRawPointer(mutating: start),
            .RESPMEM_MUST_COPY
        )
    }

    /// A response without a body.
    static func empty() -> OpaquePointer? {
        MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
    }

    /// A response of a known length whose bytes nobody will ask for, as HEAD needs.
    static func announcing(_ count: UInt64) -> OpaquePointer? {
        MHD_create_response_from_callback(count, 1, { _, _, _, _ in -2 }, nil, nil)
    }

    /// A response that `reader` fills; `count` is `nil` for an unknown length.
    ///
    /// `block` is the most bytes asked for at a time where the length is known.
    static func reading(_ reader: some ResponseReader, count: UInt64?, block: Int) -> OpaquePointer? {
        // A box of the existential would cost an allocation; the class reference itself is enough.
        let owner = Unmanaged.passRetained(ReaderBox(reader))
        let response = MHD_create_response_from_callback(
            count ?? UInt64.max,
            block,
            { owner, position, buffer, capacity in
                guard let owner, let buffer else { return -2 }
                let target = UnsafeMutableRawBufferPointer(start: buffer, count: capacity)
                return Unmanaged<ReaderBox>.fromOpaque(owner).takeUnretainedValue().reader.fill(target, at: position)
            },
            owner.toOpaque(),
            { owner in
                guard let owner else { return }
                let box = Unmanaged<ReaderBox>.fromOpaque(owner).takeRetainedValue()
                box.reader.close()
            }
        )
        if response == nil { owner.release() }
        return response
    }

    /// Adds fields; the library itself refuses one with a line break in it, so no field can forge another.
    static func add(_ headers: HTTPHeaders, to response: OpaquePointer) {
        for field in headers { _ = MHD_add_response_header(response, field.name, field.value) }
    }

    /// The body ends here.
    static let end = -1
    /// The body cannot be finished; the connection is closed.
    static let failure = -2
}

/// Fills the body of one response, on the thread of its connection.
protocol ResponseReader: AnyObject, Sendable {
    /// Writes the bytes at `position` and returns their number, 0 after suspending the connection, or one of the marks
    /// of `MHDResponse`.
    func fill(_ buffer: UnsafeMutableRawBufferPointer, at position: UInt64) -> Int
    /// The response is done with, whether it was sent or not.
    func close()
}

private final class ReaderBox: Sendable {
    let reader: any ResponseReader

    init(_ reader: any ResponseReader) {
        self.reader = reader
    }
}
