/// Is told what stands in an XML document, in its order.
protocol XMLVisitor: AnyObject {
    /// An element begins.
    ///
    /// What is thrown ends the reading and comes out of it.
    func begin(_ element: XMLElement) throws

    /// An element ends.
    ///
    /// - Parameters:
    ///   - name: in lower case, without a prefix.
    ///   - prefix: what stands before the colon of the name; `nil` without one.
    ///   - text: what stood in it after its last child, at most `XMLReader.longestText` bytes.
    func end(_ name: String, prefix: String?, text: String) throws
}

/// The beginning of an element.
struct XMLElement {
    /// What stands before the colon of the name, for example "torznab"; `nil` without one.
    ///
    /// It is not resolved, for many indexers forget to declare it.
    let prefix: String?
    /// In lower case, without a prefix.
    let name: String
    /// In the order of the document.
    let attributes: [(name: String, value: String)]
    /// 1 for the outermost element.
    let depth: Int

    subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
}
