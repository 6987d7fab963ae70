import PluginAPI
import PluginHosting

/// Loading that reads files itself, and tries them in runners.
protocol RunnerPluginLoading: PluginLoading {
    /// How runners are started.
    var runner: RunnerProgram { get }

    /// Where goes what the plugin of that id prints when it is tried.
    func output(of id: String) -> @Sendable (RunnerListener.Stream, String) -> Void
}

extension RunnerPluginLoading {
    func look(at candidate: PluginCandidate) throws(PluginRefusal) -> PluginFile {
        let preview = try PluginPreview.read(candidate)
        let (sha256, status) = try PluginFileDigest.read(candidate.path)
        return PluginFile(status: status, sha256: sha256, manifest: preview.manifest)
    }

    func scan(_ candidate: PluginCandidate, _ file: PluginFile) async throws(PluginRefusal) -> ScannedPlugin {
        let outcome: Result<RunnerHello, PluginRefusal>
        do {
            let listener = RunnerListener(line: output(of: candidate.id))
            outcome = .success(
                try await RunnerScan.scan(candidate, program: runner, expecting: file.status, listener: listener)
            )
        } catch {
            outcome = .failure(error)
        }
        // What was found must be true of the bytes whose hash it is kept for.
        guard PluginFileStatus(candidate.path)?.isSameContent(as: file.status) == true else {
            throw PluginFileDigest.isChanging(candidate.path)
        }
        let hello = try outcome.get()
        return ScannedPlugin(minor: hello.minor, manifest: hello.manifest)
    }
}
