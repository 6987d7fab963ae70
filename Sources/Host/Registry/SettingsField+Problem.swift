import PluginAPI

/// Whether a value fits a field.
extension SettingsField {
    /// The most bytes of one text.
    static let longestText = 64 << 10
    /// The most entries of a list, and the most pairs of an object.
    static let mostEntries = 1000

    /// What is wrong with `value`, or `nil`.
    func problem(with value: JSONValue) -> String? {
        switch type.value {
        case .number: numberProblem(value)
        case .bool: value.bool == nil ? "Expected true or false." : nil
        case .multiselect, .tags: listProblem(value)
        case .keyValue: pairsProblem(value)
        case .info: value.isEmptyValue ? nil : "This is a text for the reader; it takes no value."
        case .text, .secret, .select, .path, .url, .host, .oauth: textProblem(value)
        // A type of a later version of the contract: whatever it is, it must not be endless.
        case nil: JSONWriter.text(value).utf8.count > Self.longestText ? Self.isTooLong : nil
        }
    }

    private static let isTooLong = "Must have at most \(longestText) bytes."

    private func numberProblem(_ value: JSONValue) -> String? {
        guard let number = value.number, number.isFinite else { return "Expected a number." }
        if let least = min, number < least { return "Must be at least \(shown(least))." }
        if let most = max, number > most { return "Must be at most \(shown(most))." }
        if let step, step > 0, !((number - (min ?? 0)) / step).isWhole {
            return step == 1 ? "Must be a whole number." : "Must go in steps of \(shown(step))."
        }
        return nil
    }

    private func listProblem(_ value: JSONValue) -> String? {
        guard let entries = value.array, entries.allSatisfy({ $0.string != nil }) else {
            return "Expected a list of texts."
        }
        guard entries.count <= Self.mostEntries else { return "Must have at most \(Self.mostEntries) entries." }
        let texts = entries.lazy.compactMap(\.string)
        return texts.compactMap { sizeProblem($0) ?? choiceProblem($0) }.first
    }

    private func pairsProblem(_ value: JSONValue) -> String? {
        guard let pairs = value.object, pairs.values.allSatisfy({ $0.string != nil }) else {
            return "Expected an object of texts."
        }
        guard pairs.count <= Self.mostEntries else { return "Must have at most \(Self.mostEntries) pairs." }
        guard pairs.keys.allSatisfy({ !$0.isEmpty }) else { return "Each value needs a name that is not empty." }
        return pairs.lazy.compactMap { sizeProblem($0) ?? sizeProblem($1.string ?? "") }.first
    }

    private func textProblem(_ value: JSONValue) -> String? {
        guard let text = value.string else { return "Expected a text." }
        if let problem = sizeProblem(text) { return problem }
        switch type.value {
        case .select: return choiceProblem(text)
        case .url: return text.isEmpty || Self.isWebAddress(text) ? nil : "Must begin with http:// or https://."
        case .path:
            return text.isEmpty || text.hasPrefix("/") ? nil : "Expected an absolute path, one that begins with /."
        case .host:
            return Self.isHost(text)
                ? nil : "Expected a host name or IP address without scheme, path and port."
        default: return lengthProblem(text)
        }
    }

    private func sizeProblem(_ text: String) -> String? {
        if text.utf8.count > Self.longestText { return Self.isTooLong }
        // A plugin in C takes it for the end of the text.
        return text.utf8.contains(0) ? "Must not hold the character NUL." : nil
    }

    private func choiceProblem(_ text: String) -> String? {
        // Options that the plugin computes are suggestions: they may not be known without a connection.
        guard let options, optionsFrom == nil, !options.contains(where: { $0.value == text }) else { return nil }
        return "Must be one of: \(options.map(\.value).joined(separator: ", "))."
    }

    private func lengthProblem(_ text: String) -> String? {
        let length = Double(text.count)
        if let most = max, length > most { return "Must have at most \(shown(most)) characters." }
        if let least = min, length < least, length > 0 { return "Must have at least \(shown(least)) characters." }
        return nil
    }

    private func shown(_ limit: Double) -> String { JSONWriter.text(.number(limit)) }

    private static func isWebAddress(_ text: String) -> Bool {
        guard !text.unicodeScalars.contains(where: \.isBlankOrControl) else { return false }
        let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
        guard let scheme, let first = text.dropFirst(scheme.count).first else { return false }
        return !"/?#".contains(first)
    }

    /// Also an IPv6 address, with or without its brackets.
    private static func isHost(_ text: String) -> Bool {
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        return colons != 1 && !text.contains("]:")
            && !text.unicodeScalars.contains { $0.isBlankOrControl || "/@?#".unicodeScalars.contains($0) }
    }
}

extension JSONValue {
    /// Whether this stands for no value: null, or a text, list or object without anything in it.
    var isEmptyValue: Bool {
        self == .null || string?.isEmpty == true || array?.isEmpty == true || object?.isEmpty == true
    }
}

extension Unicode.Scalar {
    fileprivate var isBlankOrControl: Bool { value <= 0x20 || value == 0x7F }
}

extension Double {
    /// Whether this is a whole number but for what fractions of ten lose in binary.
    fileprivate var isWhole: Bool { abs(self - rounded()) < 1e-9 }
}
