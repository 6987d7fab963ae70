/// A value of a list that may grow: one that this version knows, or the text of one that it does not.
///
/// Both sides of the plugin boundary are built at different times. A plain enum would refuse a message that names
/// a case added later; `Open` keeps the text, so the rest of the message still arrives.
public enum Open<Known: RawRepresentable & Hashable & Sendable>: Hashable, Sendable where Known.RawValue == String {
    /// A value that this version knows.
    case known(Known)
    /// The text of a value that this version does not know.
    case unknown(String)

    /// Reads `text`, which stays as it is when it is not a known value.
    public init(_ text: String) {
        self = Known(rawValue: text).map(Self.known) ?? .unknown(text)
    }

    /// The known value, or `nil`.
    public var value: Known? {
        if case .known(let value) = self { value } else { nil }
    }

    /// The value as it stands in a message.
    public var text: String {
        switch self {
        case .known(let value): value.rawValue
        case .unknown(let text): text
        }
    }

    /// Whether this is the known value `value`.
    public static func == (lhs: Self, value: Known) -> Bool {
        lhs.value == value
    }

    /// Whether this is another value than `value`, known or not.
    public static func != (lhs: Self, value: Known) -> Bool {
        lhs.value != value
    }
}

extension Open: Codable {
    /// Reads a text, of which none is refused.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Open: CustomStringConvertible {
    /// The text, for a person or a log.
    public var description: String { text }
}
