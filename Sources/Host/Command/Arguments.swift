/// The command line, taken apart: flags that have a value, flags that have none, and the rest.
struct Arguments {
    private(set) var values: [String: String] = [:]
    private(set) var positional: [String] = []
    /// The switches that were given.
    private(set) var switches: Set<String> = []
    private(set) var wantsHelp = false

    /// Takes `arguments` apart.
    ///
    /// - Parameter flags: the names that may stand there, without the hyphens; each takes a value, as `--name VALUE`
    ///   or `--name=VALUE`. A value that begins with two hyphens needs the second form.
    /// - Parameter switches: the names that may stand there and take no value.
    /// - Parameter command: whose flags they are, for the hint where to look.
    /// - Throws: `UsageError` for an unknown flag, with the name that comes closest.
    init(_ arguments: [String], flags: [String], switches: [String] = [], of command: String) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" {
                wantsHelp = true
            } else if argument == "--" {
                positional += rest
                rest = []
            } else if argument.hasPrefix("--"), switches.contains(String(argument.dropFirst(2))) {
                self.switches.insert(String(argument.dropFirst(2)))
            } else if argument.hasPrefix("-"), argument.count > 1 {
                let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(parts[0].drop { $0 == "-" })
                guard parts[0].hasPrefix("--"), flags.contains(name) else {
                    let hint = Self.hint(name, (flags + switches).map { "--" + $0 }, list: "kinodock \(command) --help")
                    throw UsageError("Unknown option \(parts[0]).\(hint)")
                }
                if parts.count == 2 {
                    values[name] = String(parts[1])
                } else if let value = rest.popFirst(), !value.hasPrefix("--") {
                    values[name] = value
                } else {
                    throw UsageError("--\(name) needs a value.")
                }
            } else {
                positional.append(argument)
            }
        }
    }

    /// " Did you mean X?" for the choice that is closest to `word`, if one is close, else where the choices are listed.
    static func hint(_ word: String, _ choices: [String], list: String = "kinodock --help") -> String {
        let ranked = choices.map { (choice: $0, distance: distance(word, String($0.drop { $0 == "-" }))) }
        // Of a short word nothing would be left after three changes.
        let most = min(3, word.count / 2)
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= most else {
            return " `\(list)` lists what there is."
        }
        return " Did you mean \(best.choice)?"
    }

    /// The number of letters to change, insert or drop to make one word of the other.
    private static func distance(_ from: String, _ to: String) -> Int {
        let from = Array(from), to = Array(to)
        var row = Array(0...to.count)
        for (i, a) in from.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in to.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(diagonal + (a == b ? 0 : 1), above + 1, row[j] + 1)
                diagonal = above
            }
        }
        return row[to.count]
    }
}
