package import CKinodockPlugin

/// How large a message over the C contract may be; a larger one is refused before it is copied.
package enum MessageLimits {
    /// Bytes of JSON, and bytes of an attachment.
    package static let largestPart = 256 << 20

    /// What is wrong with the size of a message, in words; `nil` when it can be taken.
    ///
    /// - Parameter sender: at the beginning of a sentence.
    package static func fault(of json: kinodock_bytes, _ attachment: kinodock_bytes, from sender: String) -> String? {
        fault(of: json, "JSON", sender) ?? fault(of: attachment, "attachment", sender)
    }

    private static func fault(of bytes: kinodock_bytes, _ part: String, _ sender: String) -> String? {
        // Beyond half of the address space the number is negative in Swift.
        let count = UInt(bitPattern: bytes.count)
        guard bytes.data != nil, count > UInt(largestPart) else { return nil }
        return "\(sender) sent \(count) bytes of \(part), but \(largestPart) are the most; it must send less at once."
    }
}
