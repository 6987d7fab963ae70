/// A version like `1.2.3-beta.1`, in the order of semver.org 2.0.0, section 11.
struct SemanticVersion: Comparable, Sendable {
    private let numbers: [Int]
    private let preRelease: [Substring]

    /// Reads `text`; what is not a number counts as 0.
    init(_ text: String) {
        let core = text.prefix { $0 != "+" }
        let parts = core.split(separator: "-", maxSplits: 1)
        let numbers = (parts.first ?? "").split(separator: ".").map { Int($0) ?? 0 }
        self.numbers = Array((numbers + [0, 0, 0]).prefix(max(3, numbers.count)))
        preRelease = parts.count > 1 ? parts[1].split(separator: ".") : []
    }

    static func < (lhs: Self, rhs: Self) -> Bool {
        if lhs.numbers != rhs.numbers { return lhs.numbers.lexicographicallyPrecedes(rhs.numbers) }
        // A pre-release comes before the release.
        guard !lhs.preRelease.isEmpty, !rhs.preRelease.isEmpty else {
            return !lhs.preRelease.isEmpty && rhs.preRelease.isEmpty
        }
        return lhs.preRelease.lexicographicallyPrecedes(rhs.preRelease) { first, second in
            switch (Int(first), Int(second)) {
            case (let first?, let second?): first < second
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): first < second
            }
        }
    }
}
