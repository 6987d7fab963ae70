import FoundationEssentials
import PluginAPI
import PluginHosting

/// Makes instances of a plugin without any service behind them, calls every method of its kinds, and looks whether it
/// behaves.
///
/// That calls fail is expected: nothing is there that they could reach. What counts is that each is answered in time, in
/// a form that can be read, and that nothing is left of an instance that has ended.
struct DryRun: Sendable {
    typealias Finding = PluginLint.Finding

    /// How often an instance is made and ended to see what stays behind.
    private static let rounds = 16
    /// Threads that the plugin's process may get by itself meanwhile: those that call the plugin come when they are needed.
    private static let ownThreads = 12
    /// No more rounds begin after this time.
    private static let roundsLimit = Duration.seconds(20)

    let plugin: any UsablePlugin
    /// A JSON object.
    let settings: Data
    let clock: any WallClock
    var deadlines = CallDeadlines()
    /// What the plugin's process holds; `nil` when that is not known.
    var footprint: @Sendable () -> ProcessFootprint? = { nil }

    /// What was found, in the order in which it was seen.
    ///
    /// It ends early when a call hangs or the plugin crashes: what follows would tell nothing new.
    func findings() async -> [Finding] {
        var found: [Finding] = []
        do throws(DryRunEnd) {
            try await run(&found)
        } catch {
            found.append(error.finding)
        }
        return found
    }

    private func run(_ found: inout [Finding]) async throws(DryRunEnd) {
        guard let first = try await create(&found) else { return }
        for call in SampleCalls.all(for: plugin.manifest) { found += try await finding(of: call, on: first) }
        found += try await finding(of: SampleCalls.unknown, on: first)
        try await checkCancelling(on: first)
        if let second = try await create(&found) {
            found += try await finding(of: SampleCalls.test, on: second)
            try await end(second)
            found += try await finding(of: SampleCalls.test, on: first)
        }
        try await end(first)
        found += try await leaks()
        found = found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    // MARK: Life

    private func create(_ found: inout [Finding]) async throws(DryRunEnd) -> (any PluginConnection)? {
        do throws(PluginError) {
            return try await plugin.makeInstance(settings: settings, host: host(), within: deadlines.other)
        } catch {
            if let end = DryRunEnd(error, of: "create") { throw end }
            let words =
                "create does not take the settings that were tried (\(error.message)), so no method was called. Try it with "
                + "settings that work: kinodock check --settings FILE.json FILE.so"
            found.append(PluginLint.warning("settings_refused", words))
            return nil
        }
    }

    private func host() -> HostService { HostService(services: SilentServices(clock: clock)) }

    private func end(_ instance: any PluginConnection) async throws(DryRunEnd) {
        let start = MonotonicTime.now
        await instance.shutDown()
        // The connection itself waits for five seconds and gives no reason.
        guard MonotonicTime.now - start > 4_500_000_000 else { return }
        let words =
            "destroy did not reply within 5 s. It has to cancel the calls that are open, wait for their replies, free the "
            + "instance and then reply; a call that was never answered keeps it waiting."
        throw DryRunEnd(finding: PluginLint.error("destroy_hangs", words))
    }

    // MARK: Calls

    private func finding(
        of call: SampleCalls.Call,
        on instance: any PluginConnection
    ) async throws(DryRunEnd) -> [Finding] {
        let transport = ObservedTransport(instance)
        do {
            try await call.run(transport, deadlines)
            return call.mustFail ? [Self.answersAnything(call.method)] : []
        } catch {
            let failure = WireJSON.pluginError(from: error)
            if let end = DryRunEnd(failure, of: call.method) { throw end }
            return Self.finding(of: failure, call, wasAnswered: transport.wasAnswered)
        }
    }

    private static func answersAnything(_ method: String) -> Finding {
        let words =
            "A method that does not exist, \(method), was answered with success. Answer what you do not know with the code "
            + "unsupported; else the server believes that a later method was done."
        return PluginLint.error("answers_anything", words)
    }

    private static func finding(of failure: PluginError, _ call: SampleCalls.Call, wasAnswered: Bool) -> [Finding] {
        let method = call.method
        if failure.code == .badResponse, wasAnswered {
            let words = "\(failure.message) docs/plugin-authors.md lists what each method promises."
            return [PluginLint.error("unreadable_answer", words)]
        }
        if failure.message.isEmpty {
            let words = "\(method) failed with \(failure.code) and no words. Say what went wrong and what to do."
            return [PluginLint.warning("no_message", words)]
        }
        switch failure.code.value {
        case nil:
            let words = "\(method) failed with the code \(failure.code), which docs/plugin-authors.md does not have."
            return [PluginLint.warning("unknown_code", words)]
        case .internal:
            let words =
                "\(method) failed with a defect: \(failure.message) Answer with a code that says what is wrong."
            return [PluginLint.warning("internal_error", words)]
        case .badResponse:
            return [PluginLint.warning("bad_response", "\(method) failed without a network: \(failure.message)")]
        case .unsupported where call.isRequired:
            let words = "\(method) is not supported, but every plugin of its kind has it. (\(failure.message))"
            return [PluginLint.error("unsupported_method", words)]
        default:
            return []
        }
    }

    /// Gives a call up while it waits for the network.
    ///
    /// Whether it was answered shows when the instance ends.
    private func checkCancelling(on instance: any PluginConnection) async throws(DryRunEnd) {
        let services = SilentServices(clock: clock, hangs: true)
        let host = HostService(services: services)
        let limit = deadlines.other
        guard let instance = try? await plugin.makeInstance(settings: settings, host: host, within: limit) else {
            return
        }
        let deadlines = deadlines
        let call = Task { try await SampleCalls.test.run(ObservedTransport(instance), deadlines) }
        await services.waitForRequest(atMost: .milliseconds(500))
        call.cancel()
        _ = await call.result
        try await end(instance)
    }

    // MARK: What stays behind

    private func leaks() async throws(DryRunEnd) -> [Finding] {
        var ignored: [Finding] = []
        var before: ProcessFootprint?
        var rounds = 0
        let last = MonotonicTime.after(Self.roundsLimit)
        // The first round is not counted: what is made once and kept is no leak.
        for round in 0...Self.rounds where MonotonicTime.now < last {
            guard let instance = try await create(&ignored) else { return [] }
            ignored += try await finding(of: SampleCalls.test, on: instance)
            try await end(instance)
            if round == 0 { before = footprint() } else { rounds = round }
        }
        guard rounds > 2, let before, let after = footprint() else { return [] }
        return Self.findings(before, after, rounds)
    }

    static func findings(_ before: ProcessFootprint, _ after: ProcessFootprint, _ rounds: Int) -> [Finding] {
        var found: [Finding] = []
        let threads = after.threads - before.threads
        let descriptors = after.descriptors - before.descriptors
        if threads >= max(rounds, ownThreads + 1) {
            let words =
                "\(threads) threads were left by \(rounds) instances that have ended. Join an instance's threads in destroy."
            found.append(PluginLint.error("leaks_threads", words))
        }
        if descriptors >= rounds {
            let words =
                "\(descriptors) open files or sockets were left by \(rounds) instances that have ended. Close them in destroy."
            found.append(PluginLint.error("leaks_descriptors", words))
        }
        if after.children > 0 {
            let words =
                "\(after.children) processes were left by instances that have ended. End and await them in destroy."
            found.append(PluginLint.error("leaves_children", words))
        }
        return found
    }
}
