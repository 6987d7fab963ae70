/// Fields of each type, and modifiers that read in a row:
/// `.text("category", label: "Category").default("kinodock").advanced()`.
extension SettingsField {
    public static func text(_ key: String, label: String) -> Self { .init(key, .text, label: label) }
    public static func secret(_ key: String, label: String) -> Self { .init(key, .secret, label: label) }
    public static func bool(_ key: String, label: String) -> Self { .init(key, .bool, label: label) }
    public static func path(_ key: String, label: String) -> Self { .init(key, .path, label: label) }
    public static func url(_ key: String, label: String) -> Self { .init(key, .url, label: label) }
    public static func host(_ key: String, label: String) -> Self { .init(key, .host, label: label) }

    /// A number within `range`, both ends included.
    public static func number(
        _ key: String, label: String, in range: ClosedRange<Double>, unit: String? = nil
    ) -> Self {
        var field = Self(key, .number, label: label)
        field.min = range.lowerBound
        field.max = range.upperBound
        field.unit = unit
        return field
    }

    /// A choice among `options`.
    public static func select(_ key: String, label: String, options: [Option]) -> Self {
        var field = Self(key, .select, label: label)
        field.options = options
        return field
    }

    /// A choice among options that the plugin computes from the settings so far; a text that is none of them is kept.
    public static func select(_ key: String, label: String, optionsFrom source: String) -> Self {
        var field = Self(key, .select, label: label)
        field.optionsFrom = source
        return field
    }

    public func `default`(_ value: JSONValue) -> Self { with { $0.default = value } }
    public func required() -> Self { with { $0.isRequired = true } }
    public func advanced() -> Self { with { $0.isAdvanced = true } }
    public func help(_ text: String) -> Self { with { $0.help = text } }
    public func placeholder(_ text: String) -> Self { with { $0.placeholder = text } }
    public func warning(_ text: String) -> Self { with { $0.warning = text } }
    public func section(_ name: String) -> Self { with { $0.section = name } }
    public func visible(when key: String, in values: JSONValue...) -> Self {
        with { $0.visibleWhen = Condition(key, in: values) }
    }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
