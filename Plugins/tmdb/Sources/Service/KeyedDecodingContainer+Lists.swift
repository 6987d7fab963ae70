/// How lists in TMDB's answers are read: what the compiler makes of a `Decodable` with a list takes this method.
extension KeyedDecodingContainer {
    /// The elements that can be read, of the first 5000: one that is null or damaged must not cost all the others, and
    /// the longest lists of TMDB, the casts of series, have some thousands.
    ///
    /// - Throws: when there is something else than a list.
    func decodeIfPresent<Element: Decodable>(_ type: [Element].Type, forKey key: Key) throws -> [Element]? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        var list = try nestedUnkeyedContainer(forKey: key)
        var elements: [Element] = []
        for _ in 0..<5000 where !list.isAtEnd {
            if let element = try? list.decode(Element.self) {
                elements.append(element)
            } else {
                _ = try list.decode(Skipped.self)
            }
        }
        return elements
    }
}

/// Any element at all, null too.
private struct Skipped: Decodable {
    init(from decoder: any Decoder) throws {}
}
