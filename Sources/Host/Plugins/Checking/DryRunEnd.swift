import PluginAPI

/// Why nothing more is tried.
struct DryRunEnd: Error {
    let finding: PluginLint.Finding
}

extension DryRunEnd {
    /// `nil` for a failure after which the plugin can be called again.
    init?(_ error: PluginError, of method: String) {
        switch error.code.value {
        case .deadlineExceeded:
            let words =
                "\(method) did not reply in time. Every call needs one reply, also one that fails: set limits for what it "
                + "waits for."
            self.init(finding: PluginLint.error("hangs", words))
        case .pluginCrashed:
            let words =
                "The plugin's process ended in \(method): \(error.message) A debugger or valgrind shows where."
            self.init(finding: PluginLint.error("crashes", words))
        default: return nil
        }
    }
}
