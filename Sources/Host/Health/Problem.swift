import Cryptography
import FoundationEssentials
import PluginAPI

/// Something that keeps part of the server from working, since when, and whether somebody has said that it may stay so.
struct Problem: Sendable, Equatable, Identifiable {
    /// What kind of thing has the problem.
    ///
    /// In the order in which lists show them.
    enum Source: String, Sendable, CaseIterable {
        case plugin
        case downloadClient = "download_client"
        case indexer
        case metadataProvider = "metadata_provider"
        case notifier
        case disk
        case server

        init(_ kind: PluginManifest.Kind) {
            self =
                switch kind {
                case .downloadClient: .downloadClient
                case .indexer: .indexer
                case .metadataProvider: .metadataProvider
                case .notifier: .notifier
                }
        }
    }

    enum Level: String, Sendable {
        /// Something does not work.
        case error
        /// Everything works, but not as it should or not after the next start.
        case warning
    }

    /// What may mend a problem and can be asked of the server.
    enum Remedy: Sendable, Equatable {
        case testInstance(PluginManifest.Kind, id: String)
        case enablePlugin(String)
        case retryPlugin(String)
        case rescanPlugins
    }

    /// A problem as a look at its subject shows it, without what was before.
    struct Finding: Sendable, Equatable {
        let source: Source
        /// The id of the instance or plugin, or the name of the disk.
        let subjectID: String
        /// Tells subjects apart that have the same id: the path of a plugin's file.
        var subjectDetail = ""
        /// What a person calls the subject.
        let name: String
        var level = Level.error
        /// What is wrong, for programs.
        let code: String
        /// How it stands with the subject, in one word.
        let state: String
        /// What is wrong in a sentence with nothing but names, which anybody may read.
        let summary: String
        /// What exactly is wrong; for administrators.
        var message: String
        /// What to do, in words.
        let action: String
        var remedy: Remedy?
        /// Since when, if the subject knows.
        var since: Date?

        /// The same at each look and after each start, as long as the subject is the same.
        var id: String {
            let subject = [source.rawValue, subjectID, subjectDetail].joined(separator: "\n")
            return Hex.encode(Hash.sha256(Data(subject.utf8)).prefix(8))
        }
    }

    let id: String
    let finding: Finding
    let since: Date
    /// When somebody dismissed it.
    var dismissed: Date?

    var isDismissed: Bool { dismissed != nil }
}
