internal import CCrypto
package import FoundationEssentials

/// Comparisons whose duration does not tell where two values differ.
package enum ConstantTime {
    /// Whether two byte strings are the same; their lengths are no secret.
    package static func equals(_ left: some ContiguousBytes, _ right: some ContiguousBytes) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                left.count == right.count && CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}
