import PluginAPI

/// A question to a catalogue, in the form in which any of them can answer it.
struct MetadataQuestion<Answer: Codable & Sendable>: Sendable {
    /// Equal for equal questions.
    let key: String
    /// Seconds for which an answer is taken to hold.
    let lifetime: Double
    /// Asks a provider, which is an instance of the plugin `implementation`.
    let ask: @Sendable (_ provider: any MetadataProvider, _ implementation: String) async throws -> Answer
    /// Whether an answer says that there is nothing, so that another provider may know more.
    var isEmpty: @Sendable (Answer) -> Bool = { _ in false }
    /// The addresses of the pictures in an answer.
    var pictures: @Sendable (Answer) -> [String] = { _ in [] }
}

extension MetadataQuestion where Answer == [MetadataTitle] {
    /// The titles that match.
    static func search(_ query: MetadataQuery) -> Self {
        let parts = [query.kind?.text ?? "", query.year.map { String($0) } ?? "", query.language ?? "", query.text]
        return Self(
            key: "search|" + parts.joined(separator: "|"),
            lifetime: 3600,
            ask: { provider, _ in try await provider.search(query) },
            isEmpty: \.isEmpty,
            pictures: { $0.flatMap(\.pictures) }
        )
    }

    /// The titles that another catalogue knows by an id.
    static func find(_ id: MetadataID) -> Self {
        Self(
            key: "find|" + id.text,
            lifetime: 86_400,
            ask: { provider, _ in try await provider.find(source: id.source, id: id.id) },
            isEmpty: \.isEmpty,
            pictures: { $0.flatMap(\.pictures) }
        )
    }
}

extension MetadataQuestion where Answer == MetadataTitle {
    /// All of a movie or a series.
    static func title(_ kind: MetadataTitle.Kind, _ id: MetadataID) -> Self {
        Self(
            key: "\(kind.rawValue)|\(id.text)",
            lifetime: 86_400,
            ask: { provider, implementation in
                let own = try await id.own(kind, of: provider, implementation)
                return kind == .movie ? try await provider.movie(own) : try await provider.series(own)
            },
            pictures: \.pictures
        )
    }
}

extension MetadataQuestion where Answer == MetadataSeason {
    /// The episodes of a season.
    static func season(_ number: Int, of id: MetadataID) -> Self {
        Self(
            key: "season|\(number)|\(id.text)",
            lifetime: 21_600,
            ask: { provider, implementation in
                try await provider.season(number, of: try await id.own(.series, of: provider, implementation))
            },
            pictures: { $0.episodes.compactMap(\.image) }
        )
    }
}

extension MetadataQuestion where Answer == [MetadataImage] {
    /// All pictures of a title.
    static func images(_ kind: MetadataTitle.Kind, _ id: MetadataID) -> Self {
        Self(
            key: "images|\(kind.rawValue)|\(id.text)",
            lifetime: 86_400,
            ask: { provider, implementation in
                let own = try await id.own(kind, of: provider, implementation)
                return try await provider.images(for: own, kind: .known(kind))
            },
            isEmpty: \.isEmpty,
            pictures: { $0.map(\.url) }
        )
    }
}

extension MetadataTitle {
    /// The addresses of all pictures.
    fileprivate var pictures: [String] { images.map(\.url) + (credits ?? []).compactMap(\.image) }
}

extension MetadataID {
    /// The provider's own id of the title: it is known, or the provider looks it up.
    ///
    /// - Throws: `PluginError` with `.notFound` when the provider does not know it.
    fileprivate func own(
        _ kind: MetadataTitle.Kind,
        of provider: any MetadataProvider,
        _ implementation: String
    ) async throws -> String {
        guard source != implementation else { return id }
        let found: [MetadataTitle]
        do {
            found = try await provider.find(source: source, id: id)
        } catch let error as PluginError where error.code == .unsupported || error.code == .invalid {
            throw PluginError(.notFound, error.message)
        }
        guard let title = found.first(where: { $0.kind == kind }) else {
            throw PluginError(.notFound, "There is no \(kind.rawValue) with the id \(text).")
        }
        return title.id
    }
}
