/// Failures of the way to a program, which the host tells without knowing what was to be reached.
extension PluginError {
    /// What a user can do, and the setting to look at.
    public struct Advice: Hashable, Sendable {
        /// A sentence that follows the reason; may be empty.
        public var words: String
        /// The key of the field of the form.
        public var field: String?

        /// An advice of `words` about `field`.
        public init(_ words: String, field: String? = nil) {
            self.words = words
            self.field = field
        }

        /// For forms that have the switch `verifyCertificate`.
        public static let certificate = Advice(
            "Use a certificate that is, or turn its check off for a self-signed one.",
            field: "verifyCertificate"
        )
    }

    /// This failure in words that name the program; one that is none of the transport stays as it is.
    ///
    /// - Parameters:
    ///   - program: its name, as it stands at the beginning of a sentence and within one.
    ///   - seconds: how long was waited for its answer.
    ///   - unreachable: what to do where there is no connection.
    ///   - slow: what to do where no answer came in time.
    ///   - untrusted: what to do about a certificate that nobody vouches for.
    ///   - unusable: what to do where the answer is no HTTP, or is too large.
    public func naming(
        _ program: String,
        waited seconds: Int,
        unreachable: Advice,
        slow: Advice = Advice(""),
        untrusted: Advice = .certificate,
        unusable: Advice = Advice("")
    ) -> PluginError {
        switch code.value {
        case .unreachable: saying("No connection to \(program): \(message)", unreachable)
        case .timeout: saying("\(program) did not answer within \(seconds) seconds.", slow)
        case .untrusted: saying("The certificate of \(program) is not trusted: \(message)", untrusted)
        case .badResponse: saying("\(program) gave no usable answer: \(message)", unusable)
        default: self
        }
    }

    private func saying(_ words: String, _ advice: Advice) -> PluginError {
        var copy = self
        copy.message = advice.words.isEmpty ? words : "\(words) \(advice.words)"
        copy.field = advice.field ?? field
        return copy
    }
}
