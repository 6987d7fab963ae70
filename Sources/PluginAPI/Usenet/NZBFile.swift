public import struct FoundationEssentials.Data

/// An NZB, looked into as far as it takes to know that it is one and can be downloaded.
///
/// The format has no formal owner; the elements are those of the newzBin DTD 1.1. No document type is loaded and no
/// entity expanded, so a file of any content costs one pass over its bytes.
public struct NZBFile: Hashable, Sendable {
    /// The largest file that is looked into, in bytes.
    public static let largestFile = 64 << 20

    /// The title that its head gives, if any.
    public let title: String?
    /// The password of the archives, as its head gives it, if any; a secret.
    public let password: String?
    /// How many articles it names, at least one.
    public let articles: Int
    /// The sum of the articles' sizes in bytes, encoded as they were posted.
    public let size: Int64
    /// The same for every NZB that names the same articles in the same order: 64 hexadecimal digits.
    public let identity: String

    /// Looks into the bytes of a file.
    ///
    /// - Throws: `PluginError` with `.invalid` and the field `file` that says what the bytes are instead.
    public init(_ data: Data) throws {
        guard data.count <= Self.largestFile else {
            throw Self.refusal("the file is larger than \(Self.largestFile >> 20) MiB")
        }
        let found: (head: NZBHead, articles: NZBArticles)
        do {
            found = try data.withUnsafeBytes { bytes in
                let head = try NZBHead(bytes)
                return (head, try NZBArticles(bytes, after: head.end))
            }
        } catch let damage as NZBDamage {
            throw Self.refusal(damage.words)
        }
        (title, password) = (found.head.metas["title"], found.head.metas["password"])
        (articles, size, identity) = (found.articles.count, found.articles.size, found.articles.identity)
    }

    private static func refusal(_ words: String) -> PluginError {
        PluginError(.invalid, "This is not an NZB: \(words).", field: "file")
    }
}

/// What is wrong with a file, in words that stand behind "This is not an NZB:".
struct NZBDamage: Error {
    let words: String

    init(_ words: String) {
        self.words = words
    }
}
