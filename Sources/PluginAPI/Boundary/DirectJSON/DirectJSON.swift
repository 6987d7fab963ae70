import FoundationEssentials

/// A message that is read from and written to JSON without `JSONDecoder` and `JSONEncoder`, for calls that are made all
/// the time.
///
/// It stays `Codable`, and that conformance says what the message means: whatever the direct way does not take for
/// granted it leaves to the coders, which then also find the words for what is wrong. So both ways agree on every
/// message, and the direct one only has to be right where it gives an answer.
protocol DirectJSON: Codable {
    /// Reads the message, whose first byte is the next one but for blanks.
    ///
    /// - Throws: `Unsure` when something is missing, doubled, of another type, or written in an unusual way.
    init(reading reader: inout MessageReader) throws(MessageReader.Unsure)

    /// Writes the message.
    func write(to writer: inout MessageWriter)
}

extension DirectJSON {
    /// The message in `json`; `nil` when `JSONDecoder` has to decide.
    static func read(_ json: Data) -> Self? {
        var reader = MessageReader(json)
        guard let message = try? Self(reading: &reader), reader.isAtEnd else { return nil }
        return message
    }

    /// The message as JSON; `nil` when it holds a number that JSON has no form for.
    var json: Data? {
        var writer = MessageWriter()
        write(to: &writer)
        return writer.isExact ? Data(writer.bytes) : nil
    }
}
