/// One `<item>` of a feed, as it stands there.
struct FeedItem {
    /// Attributes of one item that are kept.
    static let mostAttributes = 200

    var title = ""
    var guid = ""
    var link = ""
    var comments = ""
    var published = ""
    var size = ""
    var categories: [String] = []
    var enclosure: (url: String, length: String, type: String)?
    /// The values of `<torznab:attr name="..." value="..."/>` by their names in lower case.
    private(set) var attributes: [String: [String]] = [:]
    /// The prefix of the attributes' elements: "torznab" or "newznab".
    private(set) var dialect: String?
    private var count = 0

    /// The first value of the first of `names` that has one.
    func first(_ names: String...) -> String? {
        for name in names {
            if let value = attributes[name]?.first, !value.isEmpty { return value }
        }
        return nil
    }

    /// Takes in an enclosure: of several, the one that says that it is a torrent or an NZB, and never a picture.
    mutating func noteEnclosure(_ element: XMLElement) {
        let type = element["type"]?.lowercased() ?? ""
        guard !type.hasPrefix("image/"), enclosure.map({ !Self.isDownload($0.type) }) ?? true else { return }
        guard enclosure == nil || Self.isDownload(type) else { return }
        enclosure = (element["url"] ?? "", element["length"] ?? "", type)
    }

    private static func isDownload(_ type: String) -> Bool { type.contains("bittorrent") || type.contains("nzb") }

    /// Takes in the element of an attribute.
    mutating func note(_ element: XMLElement) {
        guard let name = element["name"]?.lowercased(), let value = element["value"], count < Self.mostAttributes else {
            return
        }
        count += 1
        attributes[name, default: []].append(value)
        dialect = dialect ?? element.prefix?.lowercased()
    }
}
