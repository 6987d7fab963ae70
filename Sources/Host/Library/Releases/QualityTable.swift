import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// What each quality is worth, as data that users can edit.
struct QualityTable: Hashable, Sendable {
    struct Row: Hashable, Sendable, Codable {
        /// As in `ReleaseQuality.name`.
        let name: String
        /// A greater rank is a better quality.
        let rank: Int
        /// From 0 to 100; 100 is all that the default profile asks for.
        let score: Int
    }

    /// What is wrong with a table's text.
    enum Refusal: Error, Hashable, CustomStringConvertible {
        case notJSON(String)
        case badScore(name: String, score: Int)
        case duplicate(name: String)

        var description: String {
            switch self {
            case .notJSON(let reason):
                "The quality table has to be a JSON list of {\"name\", \"rank\", \"score\"}: \(reason)"
            case .badScore(let name, let score): "The score of \(name) is \(score); it has to be from 0 to 100."
            case .duplicate(let name): "The quality table names \(name) twice."
            }
        }
    }

    /// In ascending order of rank.
    let rows: [Row]
    private let byName: [String: Row]

    /// Reads a table from JSON.
    init(json: Data) throws(Refusal) {
        let rows: [Row]
        do { rows = try JSONDecoder().decode([Row].self, from: json) } catch { throw .notJSON("\(error)") }
        try self.init(rows)
    }

    init(_ rows: [Row]) throws(Refusal) {
        var byName: [String: Row] = [:]
        for row in rows {
            guard 0...100 ~= row.score else { throw .badScore(name: row.name, score: row.score) }
            guard byName.updateValue(row, forKey: row.name.lowercased()) == nil else {
                throw .duplicate(name: row.name)
            }
        }
        self.rows = rows.sorted { $0.rank < $1.rank }
        self.byName = byName
    }

    /// From 0 to 100; 0 for a quality that the table does not name.
    func score(of quality: ReleaseQuality) -> Int { row(of: quality)?.score ?? 0 }

    /// The place among the qualities; 0 for one that the table does not name.
    func rank(of quality: ReleaseQuality) -> Int { row(of: quality)?.rank ?? 0 }

    private func row(of quality: ReleaseQuality) -> Row? {
        byName[quality.name.lowercased()] ?? quality.source.flatMap { byName[$0.name.lowercased()] }
    }
}
