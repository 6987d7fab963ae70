import PluginAPI

/// Asks yt-dlp what is at an address.
struct Extractor: Sendable {
    /// Bytes of a description.
    private static let most = 32 << 20

    /// At most so many at a time, for each one is a program of its own.
    let turns: Turnstile
    /// How long an answer may take.
    let limit: Duration

    /// - Throws: why there is nothing to download, or why that cannot be found out.
    func describe(_ launch: Launch, link: String) async throws -> Description {
        try await turns.enter()
        defer { turns.leave() }
        var launch = launch
        launch.limit = limit
        let result: ProgramRun.Output
        do {
            result = try await ProgramRun.output(of: launch, most: Self.most)
        } catch let failure as SystemFailure {
            throw PluginError(.internal, "yt-dlp cannot be started: \(failure.words).")
        }
        let host = Failure.host(of: link)
        switch result.ending.cause {
        case .tookTooLong:
            throw PluginError(.unreachable, "\(host) has not answered within \(limit.components.seconds) seconds.")
        case .asked(let question): throw Self.nobodyAnswers(question, host: host)
        case .stopped where !result.isCut: throw CancellationError()
        default: break
        }
        guard !result.isCut else {
            throw PluginError(.unsupported, "The description of this address is too large. Give a smaller playlist.")
        }
        guard result.ending.code == 0, !result.output.allSatisfy({ $0 <= 32 }) else {
            throw Failure(result.errorText.split(whereSeparator: \.isNewline).map(String.init), link: link).error
        }
        return try Description(result.output)
    }

    /// The error for a program that waits for somebody to type something.
    static func nobodyAnswers(_ question: String, host: String) -> PluginError {
        PluginError(
            .forbidden,
            "\(host) asks for something (“\(Failure.plain(question))”). Give user name and password, or cookies.",
            field: "options.password"
        )
    }
}
