internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// A bound and listening TCP socket, non-blocking.
final class ListeningSocket: Sendable {
    let port: Int

    /// Binds `address`; throws a `ServerStartError` that names the address.
    init(address: String, port: Int) throws {
        let place = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        guard (0...65_535).contains(port) else { throw ServerStartError("\(port) is not a port; choose 0 to 65535.") }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = 1  // SOCK_STREAM
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let info = found?.pointee else {
            throw ServerStartError(
                "\(address) is not an IP address; use 127.0.0.1, 0.0.0.0, :: or an address of this machine."
            )
        }
        defer { freeaddrinfo(found) }
        let descriptor = try Self.bound(info, place)
        held = Atomic(descriptor)
        self.port = Self.actualPort(descriptor)
    }

    deinit {
        shut()
    }

    /// The open descriptor, -1 once shut.
    var descriptor: Int32 { held.load(ordering: .relaxed) }

    /// Closes the socket; clients are refused from then on.
    func shut() {
        let descriptor = held.exchange(-1, ordering: .relaxed)
        if descriptor >= 0 { close(descriptor) }
    }

    private let held: Atomic<Int32>

    private static func bound(_ info: addrinfo, _ place: String) throws -> Int32 {
        let descriptor = mhd_stream_socket(info.ai_family)
        guard descriptor >= 0 else { throw ServerStartError("Cannot listen on \(place): \(reason()).") }
        var on: Int32 = 1, off: Int32 = 0
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        if info.ai_family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, 4) }
        guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0, listen(descriptor, 1_024) == 0 else {
            let words = reason()
            close(descriptor)
            throw ServerStartError("Cannot listen on \(place): \(words). Choose another address or port.")
        }
        return descriptor
    }

    private static func actualPort(_ descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
            // The port lies at the same place in both families.
            return Int(UInt16(bigEndian: UnsafeRawPointer(pointer).load(fromByteOffset: 2, as: UInt16.self)))
        }
    }

    private static func reason() -> String {
        switch errno {
        case EADDRINUSE: "the port is in use"
        case EACCES: "not allowed to use this port"
        case EADDRNOTAVAIL: "this machine does not have that address"
        default: String(cString: strerror(errno))
        }
    }
}
