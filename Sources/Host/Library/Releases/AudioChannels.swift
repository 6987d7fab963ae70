/// The sound channels in a name, such as "5.1", "DDP5.1" or "6ch".
struct AudioChannels: Hashable, Sendable {
    /// For example "5.1".
    let text: String
    /// The format in front of the number, if it is glued to it.
    let codec: String?
    /// How many words were used.
    let length: Int

    private static let layouts: Set<String> = ["1.0", "2.0", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1", "9.1"]

    init?(_ tokens: [ReleaseToken], at index: Int) {
        let word = tokens[index].lower
        if word.hasSuffix("ch"), let count = Int(word.dropLast(2)), let layout = Self.layout(of: count) {
            (text, codec, length) = (layout, nil, 1)
            return
        }
        guard let digit = word.last, digit.isNumber, index + 1 < tokens.count else { return nil }
        let next = tokens[index + 1]
        guard next.separator == .dot, let rest = next.lower.first else { return nil }
        guard next.lower.count == 1 || next.lower == "\(rest)ch" else { return nil }
        let layout = "\(digit).\(rest)"
        guard Self.layouts.contains(layout) else { return nil }
        guard word.count > 1 else {
            (text, codec, length) = (layout, nil, 2)
            return
        }
        guard case .audio(let name)? = ReleaseTag.meanings[String(word.dropLast())]?.tag else { return nil }
        (text, codec, length) = (layout, name, 2)
    }

    private static func layout(of count: Int) -> String? {
        switch count {
        case 1: "1.0"
        case 2: "2.0"
        case 6: "5.1"
        case 8: "7.1"
        default: nil
        }
    }
}
