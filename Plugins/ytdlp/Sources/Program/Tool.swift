import PluginAPI

/// The yt-dlp program, and how it is called.
struct Tool: Sendable {
    let settings: YtDlpSettings
    var search = SearchPath.own

    /// The full path of the program.
    ///
    /// - Throws: `PluginError` with the field `path` that says how to get it.
    func path() throws -> String {
        if !settings.path.isEmpty {
            guard SearchPath.isProgram(settings.path) else {
                throw PluginError(
                    .invalid,
                    "There is no program that the server may run at \(settings.path). Correct the path of yt-dlp.",
                    field: "path"
                )
            }
            return settings.path
        }
        guard let found = search.find("yt-dlp") else {
            throw PluginError(
                .invalid,
                """
                yt-dlp is neither on the server's search path nor in a usual folder (~/.local/bin, /usr/local/bin, \
                /usr/bin, /opt/yt-dlp/bin). Install it (for example “pip install yt-dlp” in an environment of its own), \
                or enter where it is.
                """,
                field: "path"
            )
        }
        return found
    }

    /// Where ffmpeg is, if it is anywhere.
    func ffmpeg() -> String? {
        guard !settings.ffmpegPath.isEmpty else { return search.find("ffmpeg") }
        return [settings.ffmpegPath, settings.ffmpegPath + "/ffmpeg"].first(where: SearchPath.isProgram)
    }

    /// How the program is started to do what `input` says.
    ///
    /// - Parameter home: a folder of the instance's own, so that nothing of the server's user is read.
    func launch(_ input: String, in folder: String, home: String) throws -> Launch {
        Launch(
            program: try path(),
            arguments: Invocation.preamble,
            input: input,
            environment: environment(home: home),
            folder: folder
        )
    }

    /// Asks the program for its version.
    ///
    /// - Throws: `PluginError` when it does not say one, or when it is too old.
    func version() async throws -> ProgramVersion {
        let path = try path()
        var launch = Launch(
            program: path,
            arguments: ["--ignore-config", "--version"],
            environment: environment(home: "/"),
            folder: "/"
        )
        launch.limit = .seconds(12)
        let output: ProgramRun.Output
        do {
            output = try await ProgramRun.output(of: launch, most: 4096)
        } catch let failure as SystemFailure {
            throw PluginError(.invalid, "\(path) cannot be started: \(failure.words).", field: "path")
        }
        let text = String(decoding: output.output, as: UTF8.self).split(whereSeparator: \.isWhitespace).first ?? ""
        guard output.ending.code == 0, let version = ProgramVersion(text) else {
            throw PluginError(.invalid, "\(path) does not answer as yt-dlp does. Correct the path.", field: "path")
        }
        if let minimum = ProgramVersion.minimum, version < minimum {
            throw PluginError(
                .unsupported,
                "yt-dlp \(version.text) (\(path)) is too old: \(minimum.text) or newer is needed. \(Self.updateHint)",
                field: "path"
            )
        }
        return version
    }

    /// How the program is brought up to date.
    static let updateHint =
        "Update it the way it was installed: “pip install --upgrade yt-dlp”, “yt-dlp --update”, or with its package."

    private func environment(home: String) -> [String] {
        ["PATH=\(search.text)", "HOME=\(home)", "LANG=C.UTF-8", "PYTHONUNBUFFERED=1"]
    }
}
