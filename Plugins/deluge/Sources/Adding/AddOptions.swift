import PluginAPI

/// The wishes in Deluge's own terms that `AddDownload.options` may hold.
struct AddOptions: Sendable {
    /// Options of `core.add_torrent_*`.
    private(set) var options: [String: JSONValue] = [:]

    private static let names = ["max_connections", "download_limit", "upload_limit", "sequential"]

    /// - Throws: `PluginError` with `.invalid` and the field for a name or a value that makes no sense.
    init(_ wishes: [String: JSONValue]) throws {
        for (name, value) in wishes.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "max_connections": options["max_connections"] = try Self.number(value, name, in: -1...65_535)
            case "download_limit": options["max_download_speed"] = try Self.number(value, name, in: -1...10_000_000)
            case "upload_limit": options["max_upload_speed"] = try Self.number(value, name, in: -1...10_000_000)
            case "sequential":
                guard let flag = value.bool else { throw Self.refusal("It is true or false.", name) }
                options["sequential_download"] = .bool(flag)
            default:
                throw Self.refusal("Deluge has no such option; it has \(Self.names.joined(separator: ", ")).", name)
            }
        }
    }

    private static func number(_ value: JSONValue, _ name: String, in range: ClosedRange<Int64>) throws -> JSONValue {
        guard let number = value.integer, range.contains(number) else {
            throw refusal("It is a number from \(range.lowerBound) to \(range.upperBound).", name)
        }
        return .integer(number)
    }

    private static func refusal(_ words: String, _ name: String) -> PluginError {
        PluginError(.invalid, words, field: "options.\(name)")
    }
}
