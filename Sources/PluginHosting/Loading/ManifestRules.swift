import FoundationEssentials
import PluginAPI

/// What a manifest must say.
package enum ManifestRules {
    /// The longest id in bytes.
    static let longestID = 64
    /// The longest manifest in bytes.
    static let longest = 1 << 20

    static func tooLong(_ path: String) -> PluginRefusal {
        PluginRefusal(.failed, .badManifest, "\(path) has a manifest of more than \(longest) bytes; that is the limit.")
    }

    static func read(_ json: Data, for candidate: PluginCandidate) throws(PluginRefusal) -> PluginManifest {
        let path = candidate.path
        let manifest: PluginManifest
        do {
            manifest = try WireJSON.decodeParameters(PluginManifest.self, from: json)
        } catch {
            let fault = error.field == nil ? "it is not a JSON object of that form" : error.message
            let reason = "\(path) has a manifest that cannot be read: \(fault) Ask its author for a working build."
            throw PluginRefusal(.failed, .badManifest, reason)
        }
        guard isID(manifest.id) else {
            let reason =
                "\(path) has the id \"\(manifest.id.prefix(80))\"; an id has 1 to \(longestID) lower-case letters, digits "
                + "and hyphens."
            throw PluginRefusal(.failed, .badID, reason)
        }
        if let refusal = misplacement(of: manifest.id, in: candidate) { throw refusal }
        guard manifest.kinds.contains(where: { $0.value != nil }) else {
            let its = manifest.kinds.isEmpty ? "no kind" : manifest.kinds.map(\.text).joined(separator: ", ")
            let ours = PluginManifest.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            let reason = "\(path) provides \(its), but this server knows \(ours); update the server or the plugin."
            throw PluginRefusal(.incompatible, .noKnownKind, reason)
        }
        return manifest
    }

    /// What is wrong when the plugin `id` lies in a folder of another name; `nil` when nothing is.
    package static func misplacement(of id: String, in candidate: PluginCandidate) -> PluginRefusal? {
        guard candidate.hasOwnFolder, id != candidate.id else { return nil }
        let reason =
            "The folder \(candidate.folder) holds the plugin \(id); rename the folder from \(candidate.id) to \(id)."
        return PluginRefusal(.failed, .otherFolder, reason)
    }

    static func isID(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }
        return isAllowed && (1...longestID).contains(text.utf8.count) && !text.hasPrefix("-")
    }
}
