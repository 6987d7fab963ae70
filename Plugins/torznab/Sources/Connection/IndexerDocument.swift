/// An answer of the API that is read while its elements come by.
protocol IndexerDocument: XMLVisitor {
    /// The name of its outermost element, in lower case.
    static var root: String { get }
}

/// What an indexer answers in place of what it was asked for: `<error code="100" description="..."/>`.
struct IndexerFault: Error, Hashable {
    let code: Int
    let description: String
}

/// The answer is XML, but of another kind.
struct StrangeDocument: Error, Hashable {
    /// The name of its outermost element.
    let root: String
}

/// Stands before a document and looks at what kind of answer this is.
final class DocumentReading<Document: IndexerDocument>: XMLVisitor {
    private let document: Document

    init(_ document: Document) {
        self.document = document
    }

    func begin(_ element: XMLElement) throws {
        // Some servers put the error into a document of the usual kind.
        if element.name == "error", element.depth <= 2, let code = element["code"] {
            throw IndexerFault(code: Int(code) ?? 900, description: element["description"] ?? "")
        }
        guard element.depth > 1 || element.name == Document.root else { throw StrangeDocument(root: element.name) }
        try document.begin(element)
    }

    func end(_ name: String, prefix: String?, text: String) throws {
        try document.end(name, prefix: prefix, text: text)
    }
}
