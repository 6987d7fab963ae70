import FoundationEssentials
import PluginAPI
import PluginHosting

/// A file that may be a plugin, as it was when it was read; nothing of it has run.
struct PluginFile: Hashable, Sendable {
    /// What the system says of the file whose bytes were read.
    let status: PluginFileStatus
    /// Of all its bytes, as 64 hexadecimal digits.
    let sha256: String
    /// What the file says of itself; `nil` when only its code can tell.
    var manifest: PluginManifest?
}

/// What a plugin has said of itself when its code ran in a process of its own.
struct ScannedPlugin: Hashable, Sendable {
    /// The contract's minor version that it was built with.
    let minor: UInt16
    let manifest: PluginManifest
}

/// What became of running a file for the first time, which need not be done again for the same bytes.
struct PluginScan: Sendable {
    let sha256: String
    /// A failure stands for a file that crashed or never answered.
    let outcome: Result<ScannedPlugin, PluginRefusal>
    let time: Date

    /// Whether `refusal` is the file's own doing, so that it would end the same next time.
    static func isLasting(_ refusal: PluginRefusal) -> Bool {
        refusal.code == .crashedOnLoad || refusal.code == .slowOnLoad
    }
}

/// That the server itself has died in the code of a plugin.
struct PluginFault: Hashable, Sendable {
    /// The file whose code ran.
    let sha256: String
    let id: String
    /// What happened, in a sentence.
    let words: String
    let time: Date
}
