import PluginAPI

/// Options as users write them: one line, as in a shell but without anything that a shell does.
struct OptionText: Sendable {
    /// Checked, in yt-dlp's long forms, each one with its operand behind `=`.
    let arguments: [String]

    /// Characters of the whole text.
    private static let longest = 8000

    /// Reads and checks options.
    ///
    /// - Parameter field: the setting or option that `text` is from, for errors.
    /// - Throws: `PluginError` with `.invalid` that names the option and says why it is refused.
    init(_ text: String, field: String) throws {
        func refuse(_ words: String) -> PluginError { PluginError(.invalid, words, field: field) }
        guard text.count <= Self.longest else {
            throw refuse("The options are longer than \(Self.longest) characters.")
        }
        var words = try Self.words(of: text, refuse)[...]
        var arguments: [String] = []
        while let word = words.popFirst() {
            for option in try Self.options(in: word, refuse) {
                var operand = option.operand
                guard let known = AllowedOption.named(option.name) else {
                    throw refuse("\(option.name) is refused: it \(RefusedOption.reason(option.name))")
                }
                if known.operands == 1, operand == nil {
                    operand = words.popFirst()
                    guard operand != nil else { throw refuse("\(option.name) needs a value.") }
                }
                if known.operands == 0, operand != nil { throw refuse("\(option.name) takes no value.") }
                if let operand { try Self.check(operand, of: known, option.name, refuse) }
                arguments.append(operand.map { "\(known.name)=\($0)" } ?? known.name)
            }
        }
        try Self.checkPasswords(arguments, refuse)
        self.arguments = arguments
    }

    private struct Given {
        let name: String
        var operand: String?
    }

    /// What one word stands for: `--name`, `--name=value`, or `-x`, `-f22`, `-xk`.
    private static func options(in word: String, _ refuse: (String) -> PluginError) throws -> [Given] {
        if word.hasPrefix("--"), word.count > 2 {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return [Given(name: parts[0], operand: parts.count > 1 ? parts[1] : nil)]
        }
        guard word.hasPrefix("-"), word.count > 1, word != "--" else {
            throw refuse("“\(word)” is no option. The address goes into the field for it.")
        }
        var given: [Given] = []
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let name = "-\(letter)"
            let takesRest = AllowedOption.named(name)?.operands == 1 && !letters.isEmpty
            given.append(Given(name: name, operand: takesRest ? String(letters) : nil))
            if takesRest { break }
        }
        return given
    }

    private static func check(
        _ operand: String,
        of option: AllowedOption,
        _ name: String,
        _ refuse: (String) -> PluginError
    ) throws {
        guard !operand.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw refuse("\(name) has a control character in its value.")
        }
        switch option.operand {
        case .any: break
        case .template:
            if let fault = OutputTemplate.fault(in: String(KeyedOperand(operand, keys: OutputTemplate.kinds).value)) {
                throw refuse("\(name) is refused: \(fault)")
            }
        case .downloader:
            let program = KeyedOperand(operand, keys: ["http", "ftp", "m3u8", "dash", "rtmp"]).value
            guard ["native", "ffmpeg"].contains(program) else {
                throw refuse("\(name) is refused: it could run programs on the server. It takes native or ffmpeg.")
            }
        case .proxy: try ProxyAddress.check(operand, refuse)
        }
    }

    /// Without a password yt-dlp would ask for one, and nobody is there.
    private static func checkPasswords(_ arguments: [String], _ refuse: (String) -> PluginError) throws {
        for (user, password) in [("--username=", "--password="), ("--ap-username=", "--ap-password=")]
        where arguments.contains(where: { $0.hasPrefix(user) })
            && !arguments.contains(where: { $0.hasPrefix(password) })
        {
            throw refuse("\(user.dropLast()) needs \(password.dropLast()) beside it.")
        }
    }

    /// Splits at blanks; quotes of both kinds and backslashes keep blanks together.
    private static func words(of text: String, _ refuse: (String) -> PluginError) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.makeIterator()
        while let character = characters.next() {
            switch (character, quote) {
            case ("\\", nil), ("\\", "\""):
                guard let next = characters.next() else { throw refuse("The options end with a backslash.") }
                word = (word ?? "") + (quote == nil || next == "\"" || next == "\\" ? "\(next)" : "\\\(next)")
            case (let end, .some(let open)) where end == open: quote = nil
            case ("\"", nil), ("'", nil):
                quote = character
                word = word ?? ""
            case (_, nil) where character.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            default: word = (word ?? "") + "\(character)"
            }
        }
        guard quote == nil else { throw refuse("A quotation mark in the options has no partner.") }
        return words + (word.map { [$0] } ?? [])
    }
}
