/// Fields of each type, and modifiers that read in a row:
/// `.text("category", label: "Category").default("kinodock").advanced()`.
extension SettingsField {
    /// A line of text.
    public static func text(_ key: String, label: String) -> Self { .init(key, .text, label: label) }

    /// A text that is stored encrypted and never shown again.
    public static func secret(_ key: String, label: String) -> Self { .init(key, .secret, label: label) }

    /// A switch.
    public static func bool(_ key: String, label: String) -> Self { .init(key, .bool, label: label) }

    /// A file or folder on the server's machine.
    public static func path(_ key: String, label: String) -> Self { .init(key, .path, label: label) }

    /// An http or https address.
    public static func url(_ key: String, label: String) -> Self { .init(key, .url, label: label) }

    /// A host name or IP address, without scheme and port.
    public static func host(_ key: String, label: String) -> Self { .init(key, .host, label: label) }

    /// A number within `range`, both ends included.
    public static func number(
        _ key: String,
        label: String,
        in range: ClosedRange<Double>,
        unit: String? = nil
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

    /// Any number of `options`.
    public static func multiselect(_ key: String, label: String, options: [Option]) -> Self {
        var field = Self(key, .multiselect, label: label)
        field.options = options
        return field
    }

    /// Pairs of texts.
    public static func keyValue(_ key: String, label: String) -> Self { .init(key, .keyValue, label: label) }

    /// A choice among options that the plugin computes from the settings so far; a text that is none of them is kept.
    public static func select(_ key: String, label: String, optionsFrom source: String) -> Self {
        var field = Self(key, .select, label: label)
        field.optionsFrom = source
        return field
    }

    /// The value that an absent one stands for.
    public func `default`(_ value: JSONValue) -> Self { with { $0.default = value } }

    /// The form cannot be saved without a value.
    public func required() -> Self { with { $0.isRequired = true } }

    /// Numbers only at this distance from each other, counted from the least one; 1 for whole ones.
    public func step(_ step: Double) -> Self { with { $0.step = step } }

    /// Shown only on demand.
    public func advanced() -> Self { with { $0.isAdvanced = true } }

    /// An explanation below the field.
    public func help(_ text: String) -> Self { with { $0.help = text } }

    /// An example, shown while the field is empty and never stored.
    public func placeholder(_ text: String) -> Self { with { $0.placeholder = text } }

    /// A caution that stands beside the field.
    public func warning(_ text: String) -> Self { with { $0.warning = text } }

    /// The heading under which the field stands.
    public func section(_ name: String) -> Self { with { $0.section = name } }

    /// Shown only while the setting `key` has one of `values`.
    public func visible(when key: String, in values: JSONValue...) -> Self {
        with { $0.visibleWhen = Condition(key, in: values) }
    }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
