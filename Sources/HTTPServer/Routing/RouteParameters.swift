/// The values that a path gave to the parameters of its route, percent-decoded.
package struct RouteParameters: Sendable, Equatable {
    let names: [String]
    let values: [String]

    init(names: [String] = [], values: [String] = []) {
        self.names = names
        self.values = values
    }

    /// The value of a parameter that the pattern names; asking for another name is a mistake in the program.
    package subscript(name: String) -> String {
        guard let index = names.firstIndex(of: name) else {
            assertionFailure("the route has no parameter called \(name)")
            return ""
        }
        return values[index]
    }
}
