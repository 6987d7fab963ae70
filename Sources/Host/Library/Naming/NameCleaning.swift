/// Makes text fit for file names on Linux, Windows and macOS alike, since libraries are shared over the network.
struct NameCleaning: Hashable, Sendable {
    /// What becomes of a colon, which Windows refuses.
    enum Colon: String, Hashable, Sendable, Codable, CaseIterable {
        case delete, dash, spaceDash, spaceDashSpace
        /// " - " for a colon that ends a word, else "-".
        case smart
    }

    /// Bytes that are kept free for " (2).en.forced.sdh.3.srt" and the like.
    static let longestSuffix = 32

    var colon = Colon.smart

    private static let refused: Set<Character> = ["<", ">", "\"", "\\", "|", "?", "*", "/"]
    private static let reserved: Set<String> = Set(
        ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] }
    )

    /// A value for the inside of a name: without separators and letters that some system refuses.
    func value(_ text: String) -> String {
        let plain = withoutColons(text).filter { !Self.refused.contains($0) && !Self.isControl($0) }
        return Self.collapsed(plain)
    }

    /// The same, reduced to letters, digits and spaces.
    func cleanValue(_ text: String) -> String {
        var result = ""
        for character in value(text) {
            if character == "&" {
                result += "and"
            } else if character.isLetter || character.isNumber || character == " " || character == "-" {
                result.append(character)
            }
        }
        return Self.collapsed(result)
    }

    /// A whole component of a path.
    ///
    /// - Parameter suffix: the ending that must stay, such as ".mkv".
    /// - Returns: at most 255 bytes; "Unknown" when nothing is left. Names that differ only in an ending of at most
    ///   `longestSuffix` bytes are cut alike, since players find a subtitle by the name of its video.
    func component(_ text: String, suffix: String = "") -> String {
        var name = Self.withoutEmptyBrackets(value(text))
        name = Self.collapsed(name)
        while let first = name.first, first == "." || first == " " { name.removeFirst() }
        while let last = name.last, " .-_".contains(last) { name.removeLast() }
        if name.isEmpty { name = "Unknown" }
        if Self.reserved.contains(name.prefix { $0 != "." }.lowercased()) { name = "_" + name }
        let limit = FileName.longest - Self.longestSuffix + min(suffix.utf8.count, Self.longestSuffix)
        return FileName.fitting(name, suffix: suffix, limit: limit)
    }

    private func withoutColons(_ text: String) -> String {
        guard text.contains(":") else { return text }
        var result = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            guard character == ":" else {
                result.append(character)
                continue
            }
            let endsWord = index + 1 == characters.count || characters[index + 1] == " "
            switch colon {
            case .delete: break
            case .dash: result += "-"
            case .spaceDash: result += " -"
            case .spaceDashSpace: result += " - "
            case .smart: result += endsWord ? " -" : "-"
            }
        }
        return result
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { scalar in
            // Direction overrides make "exe.mkv" out of "vkm.exe" on the screen.
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
            default: (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            }
        }
    }

    private static func collapsed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func withoutEmptyBrackets(_ text: String) -> String {
        var stack: [Character] = []
        for character in text {
            if character == " ", let last = stack.last, "([{".contains(last) { continue }
            if let open = opener(character), stack.last == open {
                stack.removeLast()
            } else {
                stack.append(character)
            }
        }
        return String(stack)
    }

    private static func opener(_ character: Character) -> Character? {
        switch character {
        case ")": "("
        case "]": "["
        case "}": "{"
        default: nil
        }
    }
}
