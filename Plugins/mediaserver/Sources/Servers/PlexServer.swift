import PluginAPI

/// Plex Media Server; see https://developer.plex.tv/pms.
struct PlexServer: MediaServer {
    let connection: Connection

    private struct Answer<Container: Decodable>: Decodable {
        let MediaContainer: Container
    }

    private struct Identity: Decodable {
        let version: String
    }

    private struct Sections: Decodable {
        struct Section: Decodable {
            struct Location: Decodable {
                let path: String
            }

            let key: String
            let title: String
            let Location: [Location]?
        }

        /// Absent when there are none.
        let Directory: [Section]?
    }

    func version() async throws -> String {
        try await connection.get("identity", as: Answer<Identity>.self, withKey: false).MediaContainer.version
    }

    func libraries() async throws -> [MediaLibrary] {
        let sections =
            try await connection.get("library/sections", as: Answer<Sections>.self).MediaContainer.Directory ?? []
        return sections.map { section in
            MediaLibrary(id: section.key, name: section.title, folders: (section.Location ?? []).map(\.path))
        }
    }

    /// Plex looks at folders: at the one of each path, once for each library that holds it.
    func refresh(_ changes: [Change], in libraries: [MediaLibrary]) async throws {
        var asked: Set<String> = []
        for change in changes {
            let folder = MediaPath.parent(change.path)
            for library in libraries where library.holds(change.path) {
                let target =
                    "library/sections/\(library.id.percentEncoded)/refresh?path=\(folder.percentEncoded)"
                if asked.insert(target).inserted { _ = try await connection.send("GET", target) }
            }
        }
    }
}
