import PluginAPI
import PluginHosting

/// What is done with plugin files before their code may be used.
enum PluginFileReader {
    /// Reads a file without running anything of it.
    static func look(at candidate: PluginCandidate) throws(PluginRefusal) -> PluginFile {
        let preview = try PluginPreview.read(candidate)
        let (sha256, status) = try PluginFileDigest.read(candidate.path)
        return PluginFile(status: status, sha256: sha256, manifest: preview.manifest)
    }

    /// Runs a file alone, in a process that ends at once.
    ///
    /// - Throws: a refusal, also when the file is no longer the one that was read.
    static func scan(
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ runner: RunnerProgram,
        _ line: @escaping @Sendable (RunnerListener.Stream, String) -> Void
    ) async throws(PluginRefusal) -> ScannedPlugin {
        let outcome: Result<RunnerHello, PluginRefusal>
        do {
            outcome = .success(
                try await RunnerScan.scan(candidate, program: runner, listener: RunnerListener(line: line))
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
