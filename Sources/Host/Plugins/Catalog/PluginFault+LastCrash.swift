import FoundationEssentials

extension PluginFault {
    /// What follows from a crash of the last run; `nil` when it is no reason to keep the plugin out.
    ///
    /// A process that is gone without a word may have been killed by a person or by the system: that counts only against
    /// a plugin that was being loaded, since it would happen again at every start. One that crashes when the server is
    /// stopped spoils nothing.
    ///
    /// - Parameter now: stands for a time that nobody knows.
    init?(_ crash: LastCrash, now: Date) {
        guard !crash.sha256.isEmpty, !crash.whileEnding, crash.isCertain || crash.phase == .loading else { return nil }
        self.init(sha256: crash.sha256, id: crash.id, words: crash.words, time: crash.time ?? now)
    }
}
