import FoundationEssentials
import PluginAPI

/// Jellyfin, and Emby, from which it comes; see https://api.jellyfin.org and https://dev.emby.media/doc/restapi.
struct JellyfinServer: MediaServer {
    let connection: Connection

    private struct PublicInfo: Decodable {
        /// "Jellyfin Server"; Emby has none.
        let ProductName: String?
        let Version: String
    }

    private struct Folder: Decodable {
        let Name: String
        let Locations: [String]
        let ItemId: String?
    }

    private struct FolderPage: Decodable {
        let Items: [Folder]
    }

    private struct Updates: Encodable {
        struct Update: Encodable {
            let Path: String
            let UpdateType: String
        }

        let Updates: [Update]
    }

    func version() async throws -> String {
        let info = try await connection.get("System/Info/Public", as: PublicInfo.self, withKey: false)
        let isJellyfin = info.ProductName?.hasPrefix("Jellyfin") == true
        guard isJellyfin == (connection.service == .jellyfin) else { throw connection.stranger }
        return info.Version
    }

    func libraries() async throws -> [MediaLibrary] {
        let folders: [Folder]
        do {
            folders = try await connection.get("Library/VirtualFolders", as: [Folder].self)
        } catch let error as PluginError where error.code == .badResponse && connection.service == .emby {
            // Newer ones answer with a page.
            folders = try await connection.get("Library/VirtualFolders/Query", as: FolderPage.self).Items
        }
        return folders.map { MediaLibrary(id: $0.ItemId ?? $0.Name, name: $0.Name, folders: $0.Locations) }
    }

    func refresh(_ changes: [Change], in libraries: [MediaLibrary]) async throws {
        let updates = Updates(
            Updates: changes.map { .init(Path: $0.path, UpdateType: Self.word(for: $0.kind)) }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        _ = try await connection.send("POST", "Library/Media/Updated", body: try encoder.encode(updates))
    }

    private static func word(for kind: Change.Kind) -> String {
        switch kind {
        case .created: "Created"
        case .modified: "Modified"
        case .deleted: "Deleted"
        }
    }
}
