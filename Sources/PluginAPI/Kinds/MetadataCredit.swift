/// Someone who has taken part in a movie or series.
public struct MetadataCredit: Hashable, Sendable, Codable {
    /// What somebody has done.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        case actor, director, writer, producer, creator, guest
    }

    /// Of the person.
    public var name: String
    /// What the person has done.
    public var role: Open<Role>
    /// Who an actor plays.
    public var character: String?
    /// The place in the titles, counted from 0.
    public var order: Int?
    /// The address of a picture.
    public var image: String?

    /// A credit without more details.
    public init(_ name: String, _ role: Role) {
        self.name = name
        self.role = .known(role)
    }
}

/// Movies that belong together.
public struct MetadataCollection: Hashable, Sendable, Codable {
    /// The catalogue's own id.
    public var id: String
    /// What they are called together.
    public var name: String

    /// A collection.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}
