/// Why settings, or other values of an instance, are not taken: a message for each value that a person has to mend.
struct SettingsRefusal: Error, Sendable {
    struct Field: Sendable, Equatable {
        /// The name or path of the value, for example `priority` or `settings.port`.
        let name: String
        /// What is wrong with it and what would be right.
        let message: String
    }

    /// At least one.
    let fields: [Field]

    init(fields: [Field]) {
        self.fields = fields
    }

    init(_ name: String, _ message: String) {
        self.init(fields: [Field(name: name, message: message)])
    }
}

extension SettingsRefusal: CustomStringConvertible {
    var description: String { fields.map { "\($0.name): \($0.message)" }.joined(separator: "; ") }
}
