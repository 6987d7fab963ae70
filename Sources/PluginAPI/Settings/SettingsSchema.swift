/// The form for a plugin's settings.
public struct SettingsSchema: Hashable, Sendable, Codable {
    /// A named set of values to start from.
    public struct Preset: Hashable, Sendable, Codable {
        public var name: String
        public var values: [String: JSONValue]

        public init(_ name: String, values: [String: JSONValue]) {
            self.name = name
            self.values = values
        }
    }

    /// Raised when stored values need a change that `renamed_from` cannot express.
    public var version: Int
    /// In the order in which they are shown.
    public var fields: [SettingsField]
    public var presets: [Preset]?

    public init(version: Int = 1, fields: [SettingsField], presets: [Preset]? = nil) {
        self.version = version
        self.fields = fields
        self.presets = presets
    }
}
