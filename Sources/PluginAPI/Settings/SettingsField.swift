/// One entry of a plugin's settings form, as data: the host draws the form, checks the values and keeps the secrets.
public struct SettingsField: Hashable, Sendable, Codable {
    /// How a value is edited, checked and stored.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case text
        /// A text that is stored encrypted and never shown again.
        case secret
        case number
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

        public init(_ value: String, label: String? = nil) {
            self.value = value
            self.label = label ?? value
        }
    }

    /// Shows a field only while another one has one of some values.
    public struct Condition: Hashable, Sendable, Codable {
        public var key: String
        public var `in`: [JSONValue]

        public init(_ key: String, in values: [JSONValue]) {
            self.key = key
            self.in = values
        }
    }

    /// The name of the value in the settings object. Common ones have one name everywhere: host, port, tls, urlBase,
    /// url, username, password, apiKey, category, timeoutSeconds.
    public var key: String
    public var type: Open<Kind>
    public var label: String
    public var help: String?
    public var placeholder: String?
    /// The value that an absent one stands for.
    public var `default`: JSONValue?
    public var isRequired: Bool?
    /// Shown only on demand.
    public var isAdvanced: Bool?
    /// The heading under which the field stands.
    public var section: String?
    /// The limits of a `number`, or of the length of a text.
    public var min: Double?
    public var max: Double?
    public var step: Double?
    /// The unit of a `number`, for example "seconds".
    public var unit: String?
    /// The choices of a select.
    public var options: [Option]?
    /// The plugin computes the choices: the argument for its `options(for:)`.
    public var optionsFrom: String?
    public var visibleWhen: Condition?
    /// A caution that stands beside the field.
    public var warning: String?
    /// Where to read more.
    public var link: String?
    /// The key under which earlier versions stored the value.
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

    public init(_ key: String, _ type: Kind, label: String) {
        self.key = key
        self.type = .known(type)
        self.label = label
    }
}
