import HTTPServer
import PluginAPI

/// The server's health as events for administrators.
struct HealthBoard: HealthFeed {
    let broadcaster: EventBroadcaster

    func changed(_ change: ProblemList.Change) {
        switch change {
        case .added(let problem): publish("problemAdded", problem.json)
        case .updated(let problem): publish("problemUpdated", problem.json)
        case .removed(let problem): publish("problemRemoved", problem.json)
        }
    }

    func changed(_ plugin: PluginEntry) {
        var writer = JSONWriter(reserving: 2048)
        plugin.write(to: &writer)
        publish("pluginChanged", writer.bytes)
    }

    func removed(_ plugin: PluginEntry) {
        let json = JSONWriter.object { writer in
            writer.member("id", plugin.id)
            writer.member("path", plugin.path)
        }
        publish("pluginRemoved", json)
    }

    func changed(_ instance: InstanceStanding) {
        let json = JSONWriter.object { writer in
            writer.member("id", instance.id)
            writer.member("kind", instance.kind.rawValue)
            writer.member("name", instance.name)
            writer.key("status")
            instance.writeStatus(to: &writer)
        }
        publish("instanceHealthChanged", json)
    }

    private func publish(_ event: String, _ json: [UInt8]) {
        _ = broadcaster.publish(event: event, data: json)
    }
}
