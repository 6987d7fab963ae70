/// A validator of one version of a resource (RFC 9110 section 8.8.3).
struct EntityTag: Equatable {
    /// The text between the quotes.
    let opaque: String
    /// Whether the tag only promises equal meaning, not equal bytes.
    let isWeak: Bool

    /// Parses one tag such as `"abc"` or `W/"abc"`.
    init?(_ text: String) {
        let isWeak = text.hasPrefix("W/")
        let quoted = isWeak ? text.dropFirst(2) : text[...]
        guard quoted.utf8.count >= 2, quoted.utf8.first == UInt8(ascii: "\""), quoted.utf8.last == UInt8(ascii: "\"")
        else { return nil }
        let opaque = quoted.dropFirst().dropLast()
        guard !opaque.contains("\"") else { return nil }
        self.opaque = String(opaque)
        self.isWeak = isWeak
    }

    /// Equal, and both strong: good enough for ranges.
    func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Equal whether strong or weak: good enough for a cache.
    func matchesWeakly(_ other: EntityTag) -> Bool {
        opaque == other.opaque
    }
}

/// What If-Match and If-None-Match carry: `*` or a list of tags.
enum EntityTagList: Equatable {
    case any
    case tags([EntityTag])

    /// Parses a field value; members that are no tags are skipped, commas inside a tag are part of it.
    init(_ text: String) {
        if MediaType.trimmed(text) == "*" {
            self = .any
            return
        }
        var tags: [EntityTag] = [], member = "", quoted = false
        for character in text.unicodeScalars {
            if character == "\"" { quoted.toggle() }
            if character == ",", !quoted {
                EntityTag(MediaType.trimmed(member)).map { tags.append($0) }
                member = ""
            } else {
                member.unicodeScalars.append(character)
            }
        }
        EntityTag(MediaType.trimmed(member)).map { tags.append($0) }
        self = .tags(tags)
    }
}
