import FoundationEssentials
import PluginAPI
import PluginHosting

/// The form in which entries are shown and kept.
extension PluginEntry {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("name", name)
            writer.member("version", version)
            writer.member("kinds", kinds.map(\.text))
            writer.member("path", path)
            writer.member("sha256", sha256)
            writer.member("state", state.rawValue)
            writer.member("code", code?.rawValue)
            writer.member("reason", reason)
            writer.member("since", since)
            writer.member("actions", actions.map(\.rawValue))
            writer.key("isolation")
            writer.object { writer in
                writer.member("setting", isolation.rawValue)
                writer.member("effective", effectiveIsolation?.rawValue)
            }
            writer.key("runner")
            writeRunner(to: &writer)
            writer.key("manifest")
            if let json = manifest.flatMap(Self.json(of:)) { writer.raw(json) } else { writer.null() }
        }
    }

    private func writeRunner(to writer: inout JSONWriter) {
        guard let runner else { return writer.null() }
        writer.object { writer in
            writer.member("pid", runner.pid)
            writer.member("crashes", runner.crashes)
            writer.member("lastEnd", runner.lastEnd)
        }
    }

    private static func json(of manifest: PluginManifest) -> Data? {
        let encoder = JSONEncoder()
        // The same list is the same text each time.
        encoder.outputFormatting = .sortedKeys
        return try? encoder.encode(manifest)
    }

    /// The list as JSON.
    static func json(of entries: [PluginEntry]) -> [UInt8] {
        var writer = JSONWriter(reserving: 4096)
        writer.array(entries) { writer, entry in entry.write(to: &writer) }
        return writer.bytes
    }

    /// A list that was kept, as far as lists on a terminal show it; empty when it cannot be read.
    static func list(fromJSON json: [UInt8]) -> [PluginEntry] {
        let kept = (try? JSONDecoder().decode([Kept].self, from: Data(json))) ?? []
        return kept.compactMap(\.entry)
    }

    private struct Kept: Decodable {
        var id: String
        var path: String
        var state: String
        var code: String?
        var reason: String?
        var since: String?
        var manifest: PluginManifest?

        var entry: PluginEntry? {
            guard let state = PluginState(rawValue: state) else { return nil }
            var entry = PluginEntry(id: id, path: path, state: state, reason: reason)
            entry.code = code.flatMap(PluginRefusal.Code.init)
            entry.since = since.flatMap { try? Date($0, strategy: .iso8601) }
            entry.manifest = manifest
            return entry
        }
    }
}
