import PluginAPI
import SQLite

extension Store {
    /// Whether it was decided whether a default of that kind is added; it stays decided.
    func isDefaultDecided(for kind: PluginManifest.Kind) throws -> Bool {
        try database.read { connection in
            try connection.first("SELECT value FROM counters WHERE name = ?", Self.defaultCounter(kind)) {
                try $0.int64("value") > 0
            } ?? false
        }
    }

    /// Remembers that it was decided.
    func decideDefault(for kind: PluginManifest.Kind) throws {
        _ = try reserve(1, of: Self.defaultCounter(kind))
    }

    /// How often a default of the kind was decided upon: a counter that never goes beyond 1.
    private static func defaultCounter(_ kind: PluginManifest.Kind) -> String { "default " + kind.rawValue }
}
