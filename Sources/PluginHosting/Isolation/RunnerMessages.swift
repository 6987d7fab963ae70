package import PluginAPI

/// What a runner says first, when its plugin can be used.
package struct RunnerHello: Codable, Sendable {
    /// The contract's minor version that the plugin was built with.
    package var minor: UInt16
    /// As the plugin's table has it.
    package var manifest: PluginManifest

    /// The plugin's own words.
    package init(minor: UInt16, manifest: PluginManifest) {
        self.minor = minor
        self.manifest = manifest
    }
}

/// What a runner says first, when its plugin cannot be used.
package struct RunnerRefusal: Codable, Sendable {
    private var state: String
    private var code: String
    private var reason: String

    /// The wire form of `refusal`.
    package init(_ refusal: PluginRefusal) {
        state = refusal.state.rawValue
        code = refusal.code.rawValue
        reason = refusal.reason
    }

    /// The refusal; one that this server does not know counts as one that has failed to load.
    var refusal: PluginRefusal {
        PluginRefusal(
            PluginState(rawValue: state) ?? .failed,
            PluginRefusal.Code(rawValue: code) ?? .loadFailed,
            reason
        )
    }
}

/// A line that a plugin writes to the log.
package struct RunnerLogLine: Codable, Sendable {
    private var level: Int32
    /// Text of at most 16 KiB.
    package var message: String
    /// At most 16 KiB as JSON.
    package var fields: [String: JSONValue]

    /// A line as the plugin has written it.
    package init(_ level: LogLevel, _ message: String, _ fields: [String: JSONValue]) {
        self.level = level.rawValue
        self.message = message
        self.fields = fields
    }

    /// How much it matters.
    var weight: LogLevel { LogLevel(rawValue: level) ?? .info }
}
