import PluginAPI
import PluginHosting

/// What is wrong with a configured instance.
extension Problem.Finding {
    /// `nil` when nothing is, or when the instance is switched off.
    ///
    /// - Parameter plugin: the entry of its plugin, if there is one.
    init?(_ standing: InstanceStanding, plugin: PluginEntry?) {
        guard standing.isEnabled, let message = standing.message else { return nil }
        let kind = standing.kind.rawValue.replacing("_", with: " ")
        let isUsable = standing.reasonAgainstPlugin == nil
        self.init(
            source: Problem.Source(standing.kind),
            subjectID: standing.id,
            name: standing.name,
            code: standing.code ?? "failed",
            state: isUsable ? standing.word : (plugin?.state ?? .missing).rawValue,
            summary: "The \(kind) \(standing.name) \(isUsable ? "does not work" : "has no usable plugin").",
            message: message,
            action: isUsable ? Self.action(standing) : Self.action(standing, without: plugin),
            remedy: isUsable ? Self.remedy(standing) : Self.remedy(plugin),
            since: isUsable ? standing.health.since : nil
        )
    }

    private static func action(_ standing: InstanceStanding) -> String {
        switch standing.code.flatMap(PluginError.Code.init) {
        case .unauthorized: "Correct the login in its settings, then test it."
        case .forbidden: "Allow this server and its login at the service, then test it."
        case .unreachable, .interrupted, .timeout, .deadlineExceeded:
            "See that the service runs and that its address in the settings is right. It is asked again by itself."
        case .rateLimited: "Nothing: it is asked again when the service allows it. If that is often, ask it less."
        case .badResponse: "See that the address in the settings is that of this service, and of a version that works."
        case .untrusted: "Give the service a certificate that this machine trusts, or correct its address."
        case .invalid: "Correct its settings, then test it."
        case .unsupported: "Update the service or the plugin, then test it."
        case .remoteFailure: "Look into the log of the service. It is asked again by itself."
        case .pluginCrashed:
            "Nothing at first: the plugin is started again by itself. If it goes on, update the plugin."
        default: "Test it; if that fails as well, look into the log of the server."
        }
    }

    private static func remedy(_ standing: InstanceStanding) -> Problem.Remedy? {
        // To ask at once is just what such a service does not want.
        standing.code == PluginError.Code.rateLimited.rawValue
            ? nil : .testInstance(standing.kind, id: standing.id)
    }

    private static func action(_ standing: InstanceStanding, without plugin: PluginEntry?) -> String {
        switch plugin?.state {
        case .disabled: "Enable the plugin \(standing.implementation), or switch off what is configured for it."
        case nil, .missing: "Put the plugin \(standing.implementation) into a plugin folder again."
        default: "Mend the plugin \(standing.implementation); the list of plugins says what is wrong with it."
        }
    }

    private static func remedy(_ plugin: PluginEntry?) -> Problem.Remedy? {
        switch plugin?.state {
        case .disabled: plugin.map { .enablePlugin($0.id) }
        case nil, .missing: .rescanPlugins
        default: plugin.map { .retryPlugin($0.id) }
        }
    }
}
