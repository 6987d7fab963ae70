/// An NZB, looked through for whether it names articles.
final class NZBDocument: XMLVisitor {
    private(set) var segments = 0

    func begin(_ element: XMLElement) throws {
        guard element.depth > 1 || element.name == "nzb" else { throw StrangeDocument(root: element.name) }
        if element.name == "segment" { segments += 1 }
    }

    func end(_ name: String, prefix: String?, text: String) throws {}
}
