/// The form for a plugin's settings.
public struct SettingsSchema: Hashable, Sendable, Codable {
    /// A named set of values to start from.
    public struct Preset: Hashable, Sendable, Codable {
        /// What the user picks it by.
        public var name: String
        /// By the keys of the fields; fields that are not named keep their default.
        public var values: [String: JSONValue]

        /// A preset, which must not hold secrets.
        public init(_ name: String, values: [String: JSONValue]) {
            self.name = name
            self.values = values
        }
    }

    /// Raised when stored values need a change that `renamed_from` cannot express.
    public var version: Int
    /// In the order in which they are shown.
    public var fields: [SettingsField]
    /// Sets of values to start from; `nil` when there are none.
    public var presets: [Preset]?

    /// A form; its fields stand in the order given.
    public init(version: Int = 1, fields: [SettingsField], presets: [Preset]? = nil) {
        self.version = version
        self.fields = fields
        self.presets = presets
    }
}
