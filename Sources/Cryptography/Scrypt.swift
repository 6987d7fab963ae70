internal import CCrypto

/// The scrypt function (RFC 7914) with its cost.
struct Scrypt: Equatable {
    /// The binary logarithm of the number of blocks.
    let logN: Int
    /// The size of a block, in units of 128 bytes.
    let r: Int
    /// How many times the whole runs.
    let p: Int

    /// 16 MiB, five times: as hard to guess as 128 MiB once, for a server that shall stay small.
    static let standard = Scrypt(logN: 14, r: 8, p: 5)

    /// The parameters as stored beside a hash.
    var text: String { "ln=\(logN),r=\(r),p=\(p)" }

    private var memory: Int { 128 * r * (1 << logN + p + 2) }

    init(logN: Int, r: Int, p: Int) {
        self.logN = logN
        self.r = r
        self.p = p
    }

    /// Reads what `text` wrote; `nil` for anything else, and for a cost that a doctored database could use to stop the
    /// server: over 256 MiB, or over 16 rounds.
    init?(text: some StringProtocol) {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3,
            let logN = Self.number(fields[0], "ln="), (1...20).contains(logN),
            let r = Self.number(fields[1], "r="), (1...32).contains(r),
            let p = Self.number(fields[2], "p="), (1...16).contains(p)
        else { return nil }
        self.init(logN: logN, r: r, p: p)
        guard memory <= 256 << 20 else { return nil }
    }

    private static func number(_ field: some StringProtocol, _ name: String) -> Int? {
        field.hasPrefix(name) ? Int(field.dropFirst(name.count)) : nil
    }

    /// Some bytes that only this password and salt give.
    func derive(from password: String, salt: [UInt8], count: Int) throws(CryptographyError) -> [UInt8] {
        var password = password
        var derived = [UInt8](repeating: 0, count: count)
        let isDone = password.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                // An absent password means "check the parameters" to OpenSSL; an empty one needs an address.
                EVP_PBE_scrypt(
                    bytes.baseAddress ?? Self.emptyPassword,
                    bytes.count,
                    salt,
                    salt.count,
                    1 << UInt64(logN),
                    UInt64(r),
                    UInt64(p),
                    UInt64(memory),
                    &derived,
                    count
                ) == 1
            }
        }
        // The allocator would keep the 16 MiB for the next use, which may be weeks away.
        kinodock_return_freed_memory()
        guard isDone else { throw .last("derive a key with scrypt") }
        return derived
    }

    // Immutable bytes that live as long as the program.
    nonisolated(unsafe) private static let emptyPassword: UnsafePointer<CChar> = {
        let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return UnsafePointer(byte)
    }()
}
