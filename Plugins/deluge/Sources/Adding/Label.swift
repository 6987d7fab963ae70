import PluginAPI

/// A label as Deluge takes it: lower-case letters, digits, `_` and `-`.
struct Label: Hashable, Sendable {
    let name: String

    /// The label for a category, whose capitals become small.
    ///
    /// - Returns: `nil` for an empty category.
    /// - Throws: `PluginError` with `.invalid` and the field for one that Deluge would refuse.
    init?(_ category: String) throws {
        guard !category.isEmpty else { return nil }
        name = category.lowercased()
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed else {
            throw PluginError(
                .invalid,
                "Deluge's labels are made of letters, digits, _ and -: “\(category)” is none.",
                field: "category"
            )
        }
    }
}
