import PluginAPI

/// A secret as it was entered, and as it may stand in an answer or an error of the program that was given it.
struct SecretForms: Sendable {
    /// Parts of an address that are shorter are names rather than keys.
    private static let shortestPart = 16

    /// Each form once.
    let all: Set<String>

    init(_ secret: String) {
        var forms: Set<String> = [secret]
        let words = secret.split(whereSeparator: \.isWhitespace)
        // Keys are copied with blanks around them, or with the name of their scheme before them.
        if words.count == 1 || Self.schemes.contains(words.first?.lowercased() ?? "") {
            forms.formUnion(words.suffix(1).map { String($0) })
        }
        forms.formUnion(Self.parts(ofAddress: secret))
        forms.formUnion(forms.map(\.percentEncoded))
        all = forms
    }

    private static let schemes: Set<String> = ["basic", "bearer", "token"]

    /// The password of an address, and the parts of its path and query that look like keys; empty for other texts.
    private static func parts(ofAddress text: String) -> [String] {
        guard let start = text.firstRange(of: "://")?.upperBound, text.lowercased().hasPrefix("http") else { return [] }
        let authority = text[start...].prefix { !"/?#".contains($0) }
        var parts: [String] = []
        if let end = authority.lastIndex(of: "@"), let colon = authority[..<end].firstIndex(of: ":") {
            parts.append(String(authority[authority.index(after: colon)..<end]))
        }
        let rest = text[authority.endIndex...].split { "/?&=#;".contains($0) }
        return parts + rest.filter(isKey).map { String($0) }
    }

    private static func isKey(_ part: Substring) -> Bool {
        part.utf8.count >= shortestPart && part.contains(where: \.isNumber) && part.contains(where: \.isLetter)
            && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
