internal import CCrypto

/// Why something could not be hashed, sealed, opened or read.
package enum CryptographyError: Error, Hashable {
    /// What was sealed was changed, is cut short, or belongs to another key or context.
    case notAuthentic(context: String)
    /// A later version of Kinodock sealed it.
    case unknownVersion(UInt8, context: String)
    /// A key file that others can read, or that belongs to someone else.
    case keyFileExposed(path: String, reason: String)
    /// A key file that does not hold a key.
    case keyFileDamaged(path: String)
    /// A key file that the system refuses to read or write.
    case keyFileFailed(path: String, reason: String)
    /// OpenSSL refused to work, for want of memory or by its configuration.
    case failed(operation: String, reason: String)

    /// The oldest error that OpenSSL recorded on this thread.
    static func last(_ operation: String) -> CryptographyError {
        let code = ERR_get_error()
        ERR_clear_error()
        let reason = ERR_reason_error_string(code).map { String(cString: $0) }
        return .failed(operation: operation, reason: reason ?? "no reason given")
    }

    /// Ends the process with that error, where OpenSSL fails only for want of memory or by its configuration.
    static func endProcess(_ operation: String) -> Never {
        // A wrong hash would let wrong keys and files pass, what is not random can be guessed, and without the cipher no
        // secret can be kept: there is nothing safe to go on with.
        fatalError("\(last(operation))")
    }
}

extension CryptographyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAuthentic(let context):
            """
            The stored secret of \(context) cannot be opened: it was changed, or another key sealed it. Put the key \
            file that belongs to this database back, or enter the secret again.
            """
        case .unknownVersion(let version, let context):
            """
            The stored secret of \(context) has format \(version), which a newer Kinodock wrote. Start that version, \
            or enter the secret again.
            """
        case .keyFileExposed(let path, let reason):
            """
            The key file \(path) \(reason), so the secrets that it protects may be known. Run `chmod 600 \(path)` as \
            the user that runs Kinodock, and change the stored passwords if others use this machine.
            """
        case .keyFileDamaged(let path):
            """
            The key file \(path) does not hold a key (64 hexadecimal digits). Put a copy back; without one, move the \
            file away and enter the stored passwords again.
            """
        case .keyFileFailed(let path, let reason):
            "The key file \(path) cannot be used (\(reason)). Make its folder belong to the user that runs Kinodock."
        case .failed(let operation, let reason):
            "OpenSSL failed to \(operation): \(reason). Check the memory limit and the OpenSSL configuration."
        }
    }
}
