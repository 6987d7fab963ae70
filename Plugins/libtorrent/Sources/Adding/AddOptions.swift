import PluginAPI

/// The wishes that a request can have in this client's own terms.
struct AddOptions: Hashable, Sendable {
    /// In the order of the bytes.
    var sequential: Bool?
    /// Bytes each second.
    var downloadLimit, uploadLimit: Int?

    /// Reads `sequential` (true or false), `downloadLimit` and `uploadLimit` (kilobytes each second).
    ///
    /// - Throws: `PluginError` with `.invalid` and the field for another key or a value that makes no sense.
    init(_ options: [String: JSONValue]?) throws {
        for (key, value) in options ?? [:] {
            switch (key, value) {
            case ("sequential", .bool(let wish)): sequential = wish
            case ("downloadLimit", _): downloadLimit = try Self.rate(value, key)
            case ("uploadLimit", _): uploadLimit = try Self.rate(value, key)
            case ("sequential", _):
                throw PluginError(.invalid, "sequential is true or false.", field: "options.\(key)")
            default:
                throw PluginError(
                    .invalid,
                    "This client knows no option \(key), but sequential, downloadLimit and uploadLimit.",
                    field: "options.\(key)"
                )
            }
        }
    }

    private static func rate(_ value: JSONValue, _ key: String) throws -> Int {
        guard let number = value.number, (0...10_000_000).contains(number) else {
            throw PluginError(.invalid, "\(key) is a number of kB/s from 0 to 10000000.", field: "options.\(key)")
        }
        return Int(number) * 1000
    }
}
