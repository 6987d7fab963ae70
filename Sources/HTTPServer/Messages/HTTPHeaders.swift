/// Header fields in the order they were added; names compare without regard to case.
package struct HTTPHeaders: Sendable, Sequence, ExpressibleByDictionaryLiteral {
    /// One field.
    package struct Field: Sendable, Equatable {
        /// The name as it was written.
        package var name: String
        /// The value, without the white space around it.
        package var value: String
    }

    private var fields: [Field] = []

    /// Creates an empty set.
    package init() {}

    /// Creates a set from pairs, in order.
    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value of `name`; setting replaces every field of that name, `nil` removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.same($0.name, name) }?.value }
        set {
            fields.removeAll { Self.same($0.name, name) }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// Adds a field and keeps those of the same name, as Set-Cookie needs.
    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Walks the fields in order.
    package func makeIterator() -> IndexingIterator<[Field]> {
        fields.makeIterator()
    }

    /// Compares two names as RFC 9110 section 5.1 asks: ASCII letters without case.
    static func same(_ left: String, _ right: String) -> Bool {
        let left = left.utf8, right = right.utf8
        return left.count == right.count && left.elementsEqual(right) { $0.asciiLowercased == $1.asciiLowercased }
    }
}
