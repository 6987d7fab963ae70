extension NamingFormat {
    /// The components of the path, each cleaned.
    ///
    /// - Parameter suffix: what follows the last component and stays whole, such as ".mkv".
    func render(_ values: NamingValues, _ settings: NamingSettings, suffix: String = "") -> [String] {
        let cleaning = NameCleaning(colon: settings.colon)
        return components.enumerated().map { index, pieces in
            let text = Self.text(pieces, values, settings).text
            return cleaning.component(text, suffix: index == components.count - 1 ? suffix : "")
        }
    }

    /// The text of some pieces, and whether any token in them has a value.
    private static func text(
        _ pieces: [Piece],
        _ values: NamingValues,
        _ settings: NamingSettings
    ) -> (text: String, hasValue: Bool) {
        var result = ""
        var hasValue = false
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .token(let token, let width):
                let value = value(of: token, width: width, after: result, values, settings)
                hasValue = hasValue || !value.isEmpty
                result += value
            case .group(let inner):
                let (text, isFilled) = text(inner, values, settings)
                hasValue = hasValue || isFilled
                if isFilled { result += isMark(inner) ? "{\(text)}" : text }
            }
        }
        return (result, hasValue)
    }

    /// Whether a group is one of the marks that media servers want with their braces, as in `{edition-Final Cut}`.
    private static func isMark(_ pieces: [Piece]) -> Bool {
        guard case .text(let text)? = pieces.first else { return false }
        return ["edition-", "tmdb-", "tvdb-", "imdb-"].contains { text.hasPrefix($0) }
    }

    private static func value(
        of token: NamingToken,
        width: Int,
        after text: String,
        _ values: NamingValues,
        _ settings: NamingSettings
    ) -> String {
        guard let numbers = values.numbers[token] else { return values[token] ?? "" }
        let padded = numbers.map { Self.padded($0, width) }
        guard token == .episode, padded.count > 1 else { return padded.joined(separator: "-") }
        let mark = text.last.map { $0.isLetter ? String($0) : "" } ?? ""
        let season = "S" + self.padded(values.numbers[.season]?.first ?? 0, 2)
        let rest = padded.dropFirst()
        let ending =
            switch settings.multiEpisode {
            case .extend: rest.map { "-" + $0 }.joined()
            case .duplicate: rest.map { "." + season + mark + $0 }.joined()
            case .repeat: rest.map { mark + $0 }.joined()
            case .scene: rest.map { "-" + mark + $0 }.joined()
            case .range: rest.last.map { "-" + mark + $0 } ?? ""
            }
        return padded[0] + ending
    }

    /// A number with zeros in front, up to `width` digits.
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
