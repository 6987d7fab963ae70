import PluginAPI

/// What works but will surprise, from NZBGet's own settings and state.
struct ConnectionWarnings: Sendable {
    /// MiB below which a film may not fit.
    private static let littleSpace: Int64 = 5 << 10

    let configuration: Configuration
    let status: ServerStatus
    let endpoint: ServiceEndpoint

    var all: [ConnectionReport.Warning] {
        [pause, quota, health, repair, space, clearText].compactMap(\.self)
    }

    private var pause: ConnectionReport.Warning? {
        guard status.isPaused else { return nil }
        return .init("paused", "NZBGet is paused: nothing arrives until it is resumed.")
    }

    private var quota: ConnectionReport.Warning? {
        guard status.hasReachedQuota else { return nil }
        return .init("quota", "The quota that is set in NZBGet is used up: nothing arrives until the next begins.")
    }

    private var health: ConnectionReport.Warning? {
        guard ["none", "pause"].contains(configuration.text("HealthCheck").lowercased()) else { return nil }
        return .init(
            "health_check",
            """
            NZBGet does not give up downloads that cannot be repaired. Set HealthCheck under Settings > Check and Repair \
            to park or delete, so that Kinodock hears of it.
            """
        )
    }

    private var repair: ConnectionReport.Warning? {
        guard !configuration.isOn("ParRepair", default: true) else { return nil }
        return .init("no_repair", "NZBGet does not repair damaged downloads: turn ParRepair on.")
    }

    private var space: ConnectionReport.Warning? {
        guard (0..<Self.littleSpace).contains(status.freeSpace) else { return nil }
        return .init("little_space", "Less than \(status.freeSpace / 1024 + 1) GiB are free where NZBGet downloads.")
    }

    private var clearText: ConnectionReport.Warning? {
        guard !endpoint.address.usesTLS, !endpoint.address.isLoopback else { return nil }
        return .init(
            "clear_text",
            "The password travels in clear text. Use HTTPS when NZBGet is on another machine.",
            field: "tls"
        )
    }
}
