import FoundationEssentials
import PluginAPI

/// A call as it went over the boundary when a version of the contract was released: see Tests/Fixtures/Messages.
struct Recording: Decodable, Sendable {
    let name: String
    let parameters: JSONValue
    /// Bytes beside the parameters, all of them text here.
    let attachment: String?
    let result: JSONValue
    let resultAttachment: String?
    /// Whether no plugin with the SDK sends it: only one that leaves out what it may.
    let isForHostOnly: Bool?

    private enum CodingKeys: String, CodingKey {
        case name, parameters, attachment, result
        case resultAttachment = "result_attachment"
        case isForHostOnly = "host_only"
    }

    /// The folders of all released versions, the oldest first.
    static let folders: [URL] = {
        let messages = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/Messages")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: messages.path())) ?? []
        return names.filter { $0.hasPrefix("v") }.sorted().map { messages.appending(path: $0) }
    }()

    /// What stands in the files of one name, one for each version that added to it.
    static func contents<Content: Decodable>(of file: String, as type: Content.Type) throws -> [Content] {
        try folders.map { $0.appending(path: file + ".json") }
            .filter { FileManager.default.fileExists(atPath: $0.path()) }
            .map { try JSONDecoder().decode(type, from: Data(contentsOf: $0)) }
    }

    /// The recordings of these files by method.
    static func load(_ files: String...) throws -> [String: [Recording]] {
        try files.flatMap { try contents(of: $0, as: [String: [Recording]].self) }.reduce(into: [:]) { all, file in
            all.merge(file) { first, second in first + second }
        }
    }
}

extension JSONValue {
    init(_ json: Data) throws { self = try JSONDecoder().decode(JSONValue.self, from: json) }

    var json: Data { get throws { try JSONEncoder().encode(self) } }

    /// What a reader of this message would miss in `today`, or find to be something else; new members are fine.
    func losses(in today: JSONValue, at path: String = "") -> [String] {
        switch (self, today) {
        case (.object(let members), .object(let others)):
            return members.flatMap { name, value in
                let place = path.isEmpty ? name : path + "." + name
                guard let other = others[name] else { return [place + " is missing"] }
                return value.losses(in: other, at: place)
            }.sorted()
        case (.array(let elements), .array(let others)) where elements.count == others.count:
            return zip(elements, others).enumerated().flatMap { index, pair in
                pair.0.losses(in: pair.1, at: "\(path)[\(index)]")
            }
        default:
            return self == today ? [] : ["\(path) was \(self) and is \(today)"]
        }
    }

    /// Objects whose members are names of the sender's choice: they have no unknown members.
    private static let maps: Set = [
        "attributes", "categories", "certifications", "details", "external_ids", "files", "options",
        "regional_release_dates", "release_dates", "values",
    ]
    /// Those among them whose values are such objects as well.
    private static let mapsOfMaps: Set = ["regional_release_dates"]

    /// This message as a newer version might send it, with members of which nobody knows yet.
    func withUnknownMembers(isMap: Bool = false, areMembersMaps: Bool = false) -> JSONValue {
        switch self {
        case .object(let members):
            var copy: [String: JSONValue] = [:]
            for (name, value) in members {
                copy[name] = value.withUnknownMembers(
                    isMap: areMembersMaps || Self.maps.contains(name),
                    areMembersMaps: Self.mapsOfMaps.contains(name)
                )
            }
            if !isMap { copy["added_later"] = ["text": "?", "list": [1, .null, [:]]] }
            return .object(copy)
        case .array(let elements): return .array(elements.map { $0.withUnknownMembers() })
        default: return self
        }
    }

    /// This message over and over, each time with another one of its texts replaced, and where that was.
    func replacingTexts(with text: String, at path: String = "") -> [(path: String, message: JSONValue)] {
        switch self {
        case .string: return [(path, .string(text))]
        case .object(let members):
            return members.flatMap { name, value in
                value.replacingTexts(with: text, at: path.isEmpty ? name : path + "." + name).map { path, changed in
                    (path, .object(members.merging([name: changed]) { $1 }))
                }
            }
        case .array(let elements):
            return elements.indices.flatMap { index in
                elements[index].replacingTexts(with: text, at: "\(path)[\(index)]").map { path, changed in
                    var copy = elements
                    copy[index] = changed
                    return (path, .array(copy))
                }
            }
        default: return []
        }
    }
}
