internal import CMicroHTTPD

/// A response with a fixed body, made once and sent any number of times without a copy or an allocation.
///
/// `@unchecked Sendable`: the library guards the reference count of its response with a lock of its own, and nothing
/// else of it changes after the initializer.
package final class PreparedResponse: @unchecked Sendable {
    let handle: OpaquePointer
    /// The status of every answer.
    package let status: HTTPStatus
    /// The length of the body in bytes.
    package let count: Int

    /// Makes the response; fields with a line break in them are left out.
    package init(status: HTTPStatus = .ok, headers: HTTPHeaders = [:], bytes: [UInt8]) {
        // Made while the server starts, which it cannot without memory.
        guard let handle = MHDResponse.copying(bytes) else { fatalError("out of memory for a prepared response") }
        MHDResponse.add(headers, to: handle)
        self.handle = handle
        self.status = status
        count = bytes.count
    }

    deinit {
        MHD_destroy_response(handle)
    }
}

extension HTTPResponse {
    /// An answer with a response that was made beforehand.
    package static func prepared(_ prepared: PreparedResponse) -> HTTPResponse {
        HTTPResponse(status: prepared.status, body: .prepared(prepared))
    }
}
