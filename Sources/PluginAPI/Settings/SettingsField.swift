/// One entry of a plugin's settings form, as data: the host draws the form, checks the values and keeps the secrets.
public struct SettingsField: Hashable, Sendable, Codable {
    /// How a value is edited, checked and stored.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A line of text.
        case text
        /// A text that is stored encrypted and never shown again.
        case secret
        /// A number between `min` and `max`.
        case number
        /// A switch.
        case bool
        /// One of `options`.
        case select
        /// Any of `options`.
        case multiselect
        /// A folder or file on the machine of the host.
        case path
        /// An http or https address.
        case url
        /// A host name or IP address, without scheme and port.
        case host
        /// A list of short texts.
        case tags
        /// Pairs of texts.
        case keyValue = "key_value"
        /// A sign-in at another site, driven by the plugin.
        case oauth
        /// A text for the reader; it has no value.
        case info
    }

    /// A choice of a `select` or `multiselect` field.
    public struct Option: Hashable, Sendable, Codable {
        /// What is stored.
        public var value: String
        /// What is shown.
        public var label: String

        /// A choice that is shown as its value unless it has a label.
        public init(_ value: String, label: String? = nil) {
            self.value = value
            self.label = label ?? value
        }
    }

    /// Shows a field only while another one has one of some values.
    public struct Condition: Hashable, Sendable, Codable {
        /// The setting that is looked at.
        public var key: String
        /// The values at which the field is shown.
        public var `in`: [JSONValue]

        /// A condition; with no values it never holds.
        public init(_ key: String, in values: [JSONValue]) {
            self.key = key
            self.in = values
        }
    }

    /// The name of the value in the settings object.
    ///
    /// Common ones have one name everywhere: host, port, tls, urlBase, url, username, password, apiKey, category,
    /// timeoutSeconds.
    public var key: String
    /// How a value is edited, checked and stored.
    public var type: Open<Kind>
    /// What stands beside the field.
    public var label: String
    /// An explanation below the field.
    public var help: String?
    /// An example, shown while the field is empty and never stored.
    public var placeholder: String?
    /// The value that an absent one stands for.
    public var `default`: JSONValue?
    /// Whether the form cannot be saved without a value; key `required`.
    public var isRequired: Bool?
    /// Shown only on demand; key `advanced`.
    public var isAdvanced: Bool?
    /// The heading under which the field stands.
    public var section: String?
    /// The least value of a `number`, or the least length of a text in characters.
    public var min: Double?
    /// The largest value of a `number`, or the largest length of a text in characters.
    public var max: Double?
    /// The distance between two values of a `number`, counted from `min`.
    public var step: Double?
    /// The unit of a `number`, for example "seconds".
    public var unit: String?
    /// The choices of a select.
    public var options: [Option]?
    /// The plugin computes the choices: the argument for its `options(for:)`.
    ///
    /// Key `options_from`.
    public var optionsFrom: String?
    /// Shows the field only under this condition; key `visible_when`.
    public var visibleWhen: Condition?
    /// A caution that stands beside the field.
    public var warning: String?
    /// Where to read more.
    public var link: String?
    /// The key under which earlier versions stored the value; key `renamed_from`.
    public var renamedFrom: String?
    /// Why the field should no longer be used.
    public var deprecated: String?

    private enum CodingKeys: String, CodingKey {
        case key, type, label, help, placeholder, `default`, section
        case min, max, step, unit, options, warning, link, deprecated
        case isRequired = "required"
        case isAdvanced = "advanced"
        case optionsFrom = "options_from"
        case visibleWhen = "visible_when"
        case renamedFrom = "renamed_from"
    }

    /// A field that is optional and has no default.
    public init(_ key: String, _ type: Kind, label: String) {
        self.key = key
        self.type = .known(type)
        self.label = label
    }
}
