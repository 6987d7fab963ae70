import Glibc

/// An IP address of either family.
struct NetworkAddress: Hashable, Sendable {
    /// 4 or 16 bytes.
    private let bytes: [UInt8]

    /// Reads "127.0.0.1" or "::1"; `nil` for anything else.
    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four, Array.init)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six, Array.init)
        } else {
            return nil
        }
    }

    /// The address of a socket; `nil` for a family that is neither.
    ///
    /// - Parameter socket: as long as its family says.
    init?(_ socket: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(socket)
        switch Int32(socket.pointee.sa_family) {
        case AF_INET: bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr, Array.init)
        case AF_INET6: bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr, Array.init)
        default: return nil
        }
    }

    /// Whether it is not one of the internet: this machine, a network at home, or set apart for other uses.
    ///
    /// After the registries of IANA for special addresses (RFC 6890).
    var isPrivate: Bool {
        if bytes.count == 4 { return Self.isPrivate(bytes[...]) }
        if let four = embedded { return Self.isPrivate(four) }
        // The internet of version 6 is 2000::/3, but for tunnels (2001::/32) and the addresses of examples.
        return bytes[0] & 0xE0 != 0x20 || bytes.starts(with: [0x20, 0x01, 0, 0])
            || bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
    }

    /// The address of version 4 inside of one of version 6: mapped, translated (64:ff9b::/96) or tunnelled (2002::/16).
    private var embedded: ArraySlice<UInt8>? {
        if bytes.starts(with: [0x20, 0x02]) { return bytes[2..<6] }
        let prefixes: [[UInt8]] = [
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0],
        ]
        return prefixes.contains { bytes.starts(with: $0) } ? bytes[12...] : nil
    }

    private static func isPrivate(_ four: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(four)
        return switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): true
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): true
        case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113): true
        default: false
        }
    }
}
