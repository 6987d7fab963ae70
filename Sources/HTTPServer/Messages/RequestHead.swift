internal import CMicroHTTPD
internal import FoundationEssentials
internal import Synchronization

/// The header fields of one request: read from the connection where they lie, copied only when they must outlive it.
final class RequestHead: Sendable {
    /// `@unchecked Sendable`: the connection is touched only under the lock, and `detach` removes it before it dies.
    private struct State: @unchecked Sendable {
        var connection: OpaquePointer?
        var copied = HTTPHeaders()
        var id: String?
    }

    private let state: Mutex<State>

    /// A head that reads from `connection` until `detach`.
    init(connection: OpaquePointer) {
        state = Mutex(State(connection: connection))
    }

    /// A head without a connection, for requests made by hand.
    init(_ headers: HTTPHeaders) {
        state = Mutex(State(connection: nil, copied: headers))
    }

    /// Copies the fields and lets go of the connection; called before the connection's thread leaves the handler.
    func detach() {
        state.withLock { state in
            guard let connection = state.connection else { return }
            state.copied = Self.fields(of: connection)
            state.connection = nil
        }
    }

    /// The first value of a field.
    func value(_ name: String) -> String? {
        state.withLock { state in
            guard let connection = state.connection else { return state.copied[name] }
            return Self.lookUp(name, in: connection)
        }
    }

    /// The correlation id: the client's own when it is a UUID, else one made at the first question.
    func id() -> String {
        let sent = value("x-correlation-id")
        return state.withLock { state in
            if let id = state.id { return id }
            let id = sent.flatMap { UUID(uuidString: $0) == nil ? nil : $0 } ?? UUID().uuidString.lowercased()
            state.id = id
            return id
        }
    }

    private static func lookUp(_ name: String, in connection: OpaquePointer) -> String? {
        var name = name
        return name.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { key in
                var value: UnsafePointer<CChar>?
                var length = 0
                let found = MHD_lookup_connection_value_n(
                    connection,
                    .HEADER_KIND,
                    key.baseAddress,
                    key.count,
                    &value,
                    &length
                )
                guard found == .YES, let value else { return nil }
                return text(value, length)
            }
        }
    }

    private static func fields(of connection: OpaquePointer) -> HTTPHeaders {
        var headers = HTTPHeaders()
        withUnsafeMutablePointer(to: &headers) { target in
            _ = MHD_get_connection_values_n(
                connection,
                .HEADER_KIND,
                { target, _, name, nameLength, value, valueLength in
                    guard let target, let name else { return .NO }
                    let field = (RequestHead.text(name, nameLength), value.map { RequestHead.text($0, valueLength) })
                    target.assumingMemoryBound(to: HTTPHeaders.self).pointee.add(field.0, field.1 ?? "")
                    return .YES
                },
                target
            )
        }
        return headers
    }

    private static func text(_ start: UnsafePointer<CChar>, _ length: Int) -> String {
        let bytes = UnsafeRawBufferPointer(start: start, count: length)
        // White space after a value is not part of it (RFC 9110 section 5.5), and the library leaves it there.
        let end = bytes.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? -1
        return String(decoding: bytes[..<(end + 1)], as: UTF8.self)
    }
}
