/// What becomes of values that are stored under keys of an earlier version of the form.
extension SettingsSchema {
    /// The key under which the value of each renamed field is found, by the field's key.
    ///
    /// A field that has a value under its own key is not among them. Names are followed through the form: when `c` was
    /// `b` and `b` was `a`, a value of `a` is that of `c`.
    ///
    /// - Parameter hasValue: whether there is a value under a key.
    package func renames(_ hasValue: (_ key: String) -> Bool) -> [String: String] {
        let former = formerNames
        guard !former.isEmpty else { return [:] }
        var renames: [String: String] = [:]
        for field in fields where !hasValue(field.key) {
            var seen: Set<String> = [field.key]
            var name = former[field.key]
            while let old = name, seen.insert(old).inserted {
                if hasValue(old) {
                    renames[field.key] = old
                    break
                }
                name = former[old]
            }
        }
        return renames
    }

    /// Keys that are nothing but earlier names of fields.
    package var retiredKeys: Set<String> {
        Set(formerNames.values).subtracting(fields.map(\.key))
    }

    /// `values` with each value under the key that its field has now.
    package func renaming(_ values: [String: JSONValue]) -> [String: JSONValue] {
        let renames = renames { key in values[key].map { $0 != .null } ?? false }
        var renamed = values
        for (key, former) in renames { renamed[key] = values[former] }
        for key in retiredKeys { renamed[key] = nil }
        return renamed
    }

    private var formerNames: [String: String] {
        let pairs = fields.compactMap { field in field.renamedFrom.map { (field.key, $0) } }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
