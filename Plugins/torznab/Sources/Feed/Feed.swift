/// The answer to a search: RSS 2.0 whose items have attributes of their own (the Torznab and Newznab specifications).
final class Feed: IndexerDocument {
    static let root = "rss"
    /// Items of one answer that are kept.
    static let mostItems = 2000

    private(set) var items: [FeedItem] = []
    /// How many releases there are altogether, of which these are a page; `nil` when the indexer does not tell.
    private(set) var total: Int?
    private var item: FeedItem?

    func begin(_ element: XMLElement) throws {
        switch element.name {
        case "item": item = FeedItem()
        case "attr": item?.note(element)
        case "enclosure": item?.noteEnclosure(element)
        case "response" where item == nil: total = element["total"].flatMap { Int($0) }
        default: break
        }
    }

    func end(_ name: String, prefix: String?, text: String) throws {
        // Extensions of RSS have elements of the same names: media:title, slash:comments.
        guard prefix == nil else { return }
        switch name {
        case "item":
            if let item, items.count < Self.mostItems { items.append(item) }
            item = nil
        case "title": item?.title = text
        case "guid": item?.guid = text
        case "link": item?.link = text
        case "comments": item?.comments = text
        case "pubdate": item?.published = text
        case "size": item?.size = text
        case "category": item?.categories.append(text)
        default: break
        }
    }
}
