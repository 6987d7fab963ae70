internal import CMicroHTTPD
internal import Glibc

/// The network address of a client, kept in binary until someone asks for its text.
package struct PeerAddress: Sendable, Equatable {
    private enum Storage: Equatable {
        case none
        case v4(UInt32)
        case v6(UInt64, UInt64)
    }

    private let storage: Storage

    /// An address that is not known.
    static let unknown = PeerAddress(storage: .none)
    /// 127.0.0.1.
    package static let loopback = PeerAddress(storage: .v4(0x7F00_0001))

    private init(storage: Storage) {
        self.storage = storage
    }

    /// Reads the address of a connected client.
    init(_ address: UnsafePointer<sockaddr>?) {
        guard let address else { self = .unknown; return }
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let value = raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
            storage = .v4(UInt32(bigEndian: value))
        case AF_INET6:
            let high = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            // An IPv4 client on a dual-stack socket (RFC 4291 section 2.5.5.2).
            storage = high == 0 && low >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: low)) : .v6(high, low)
        default: storage = .none
        }
    }

    /// Whether the client runs on this machine.
    package var isLoopback: Bool {
        switch storage {
        case .none: false
        case .v4(let value): value >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// The usual text form, empty when the address is not known.
    package var text: String {
        switch storage {
        case .none: return ""
        case .v4(let value): return "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
        case .v6(let high, let low):
            var bytes = (high.bigEndian, low.bigEndian)
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
                guard let start = buffer.baseAddress else { return "" }
                return inet_ntop(AF_INET6, &bytes, start, socklen_t(INET6_ADDRSTRLEN)).map { String(cString: $0) } ?? ""
            }
        }
    }
}
