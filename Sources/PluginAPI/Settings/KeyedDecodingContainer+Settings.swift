/// Values as forms and hand-written configurations give them: numbers and choices also as text, and what does not fit
/// counts as absent, so that settings of another version still decode.
extension KeyedDecodingContainer {
    /// A text; `nil` when it is absent or empty.
    public func text(_ key: Key) -> String? {
        guard let text = try? decode(String.self, forKey: key), !text.isEmpty else { return nil }
        return text
    }

    /// A number, also one that is written as text.
    public func number(_ key: Key) -> Double? {
        (try? decode(Double.self, forKey: key)) ?? text(key).flatMap(Double.init)
    }

    /// A number without a fraction, also one that is written as text.
    public func whole(_ key: Key) -> Int? {
        number(key).flatMap { Int(exactly: $0) }
    }

    /// A yes or no, also as the text `true` or `false`.
    public func flag(_ key: Key) -> Bool? {
        (try? decode(Bool.self, forKey: key)) ?? text(key).flatMap(Bool.init)
    }

    /// A value of whatever a remote service sends; one of another type counts as absent.
    ///
    /// Absence is common and does not cost a thrown error.
    public func value<Value: Decodable>(_ key: Key) -> Value? {
        (try? decodeIfPresent(Value.self, forKey: key)) ?? nil
    }
}
