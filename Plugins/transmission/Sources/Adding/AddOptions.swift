import PluginAPI

/// The wishes in Transmission's own terms that `AddDownload.options` may hold.
struct AddOptions: Sendable {
    /// Arguments of `torrent-set`.
    private(set) var arguments: [String: JSONValue] = [:]

    private static let names = ["peer_limit", "download_limit", "upload_limit", "sequential"]

    /// - Throws: `PluginError` with `.invalid` and the field for a name or a value that makes no sense.
    init(_ options: [String: JSONValue]) throws {
        for (name, value) in options.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "peer_limit": arguments["peer-limit"] = try Self.number(value, name, in: 1...65_535)
            case "download_limit":
                arguments["downloadLimit"] = try Self.number(value, name, in: 0...10_000_000)
                arguments["downloadLimited"] = true
            case "upload_limit":
                arguments["uploadLimit"] = try Self.number(value, name, in: 0...10_000_000)
                arguments["uploadLimited"] = true
            case "sequential":
                guard let flag = value.bool else { throw Self.refusal("It is true or false.", name) }
                arguments["sequential_download"] = .bool(flag)
            default:
                throw Self.refusal(
                    "Transmission has no such option; it has \(Self.names.joined(separator: ", ")).",
                    name
                )
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
