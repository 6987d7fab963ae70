import PluginAPI

/// Who made a title and who plays in it.
struct Credits: Sendable {
    private static let mostActors = 40
    private static let mostMakers = 40
    private static let jobs: [String: MetadataCredit.Role] = [
        "Director": .director, "Writer": .writer, "Screenplay": .writer, "Story": .writer, "Teleplay": .writer,
        "Author": .writer, "Producer": .producer, "Executive Producer": .producer,
    ]

    let record: Record
    let pictures: Pictures

    /// Actors in the order of the billing, then the makers.
    var all: [MetadataCredit] { actors + creators + makers }

    private var people: Record.Credits? { record.aggregateCredits ?? record.credits }

    private var actors: [MetadataCredit] {
        let cast = (people?.cast ?? []).enumerated().sorted { one, other in
            (one.element.order ?? .max, one.offset) < (other.element.order ?? .max, other.offset)
        }
        return cast.prefix(Self.mostActors).compactMap { _, person in
            guard var credit = credit(person, .actor) else { return nil }
            credit.image = pictures.url(person.profilePath, .portrait)
            credit.character = (person.character ?? person.roles?.first?.character)?.nonEmpty
            credit.order = person.order
            return credit
        }
    }

    private var creators: [MetadataCredit] {
        (record.createdBy ?? []).compactMap { person in
            person.name?.nonEmpty.map { MetadataCredit($0, .creator) }
        }
    }

    private var makers: [MetadataCredit] {
        var seen: Set<String> = []
        var found: [MetadataCredit] = []
        for person in people?.crew ?? [] where found.count < Self.mostMakers {
            let jobs = [person.job].compactMap { $0 } + (person.jobs ?? []).compactMap(\.job)
            for role in jobs.compactMap({ Self.jobs[$0] }) where seen.insert("\(role) \(person.name ?? "")").inserted {
                if let credit = credit(person, role) { found.append(credit) }
            }
        }
        return found
    }

    private func credit(_ person: Record.Credits.Person, _ role: MetadataCredit.Role) -> MetadataCredit? {
        guard let name = person.name?.nonEmpty else { return nil }
        return MetadataCredit(name, role)
    }
}
