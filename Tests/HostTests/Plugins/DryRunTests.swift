import FoundationEssentials
import PluginAPI
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The dry run of a plugin", .timeLimit(.minutes(1)))
struct DryRunTests {
    /// Checks a plugin with a fault, and ends what it has started.
    private func report(_ fault: String) async -> PluginLint.Report {
        var deadlines = CallDeadlines()
        (deadlines.test, deadlines.other) = (.seconds(2), .seconds(2))
        return await PluginLint(
            path: FixturePlugins.fault(fault).path,
            trial: TrialInRunner(FixturePlugins.runner),
            clock: SystemClock(),
            deadlines: deadlines
        ).report()
    }

    /// What was found apart from what such plugins do not say in their files.
    private func findings(_ report: PluginLint.Report) -> [PluginLint.Finding] {
        report.findings.filter { !["no_header", "no_manifest_section"].contains($0.code) }
    }

    @Test("finds nothing in a plugin that behaves")
    func good() async {
        let report = await report("none")
        #expect(report.findings == [])
        #expect(report.manifest?.id == "fault-none")
    }

    @Test(
        "finds what a plugin does wrong, and says what to do",
        arguments: [
            ("hang-in-create", "hangs", "create did not reply"),
            ("never-replies", "hangs", "provider.test did not reply"),
            ("segfault", "crashes", "provider.test"),
            ("bad-json", "unreadable_answer", "provider.test"),
            ("answers-anything", "answers_anything", "unsupported"),
            ("unsupported", "unsupported_method", "notifier.supportedEvents"),
            ("hang-in-destroy", "destroy_hangs", "wait for their replies"),
            ("leaks-a-thread", "leaks_threads", "Join"),
            ("leaks-a-descriptor", "leaks_descriptors", "Close them"),
            ("spawns", "leaves_children", "processes were left"),
        ]
    )
    func errors(fault: String, code: String, words: String) async {
        let report = await report(fault)
        #expect(findings(report).map(\.code) == [code])
        #expect(!report.isUsable)
        #expect(findings(report).first?.message.contains(words) == true)
    }

    @Test(
        "only warns of what the server can live with",
        arguments: [
            ("refuses-create", "settings_refused", "There is no such host"),
            ("no-message", "no_message", "no words"),
            ("unknown-code", "unknown_code", "no_idea"),
            ("internal", "internal_error", "defect"),
            ("prints", "prints", "when it is called: \"a plugin prints to std"),
            ("prints-on-load", "prints", "when it is loaded: \"a plugin prints when"),
        ]
    )
    func warnings(fault: String, code: String, words: String) async {
        let report = await report(fault)
        #expect(findings(report).map(\.code) == [code])
        #expect(report.isUsable)
        #expect(findings(report).first?.message.contains(words) == true)
    }

    @Test("names every missing symbol, and does not try to load the plugin then")
    func missingSymbols() async {
        let findings = findings(await report("missing-symbol"))
        #expect(findings.map(\.code) == ["missing_symbol", "missing_symbol"])
        for name in ["no_library_gives_this", "nor_this"] {
            #expect(findings.contains { $0.message.contains("No library gives \(name).") })
        }
    }

    @Test("survives plugins that end their process when they are loaded")
    func crashOnLoad() async {
        let path = FixturePlugins.candidate("sections-aborts").path
        let lint = PluginLint(path: path, trial: TrialInRunner(FixturePlugins.runner), clock: SystemClock())
        let report = await lint.report()
        #expect(report.findings.map(\.code) == ["crashed_on_load"])
        #expect(report.manifest?.id == "sections-aborts")
    }

    @Test("prints a manifest from the file alone when it has one, and from the code otherwise")
    func manifest() async throws {
        func manifest(_ path: String) async throws -> PluginManifest {
            let trial = TrialInRunner(FixturePlugins.runner)
            return try await PluginLint(path: path, trial: trial, clock: SystemClock()).manifest()
        }
        #expect(try await manifest(FixturePlugins.candidate("sections-aborts").path).version == "1.0.0")
        #expect(try await manifest(FixturePlugins.swiftEcho.path).id == "swift-echo")
        await #expect(throws: PluginRefusal.self) { try await manifest("/nowhere/plugin.so") }
    }

    @Test("calls the growth of what a process holds a leak only when every round adds to it")
    func growth() {
        let before = ProcessFootprint(threads: 8, descriptors: 20, children: 0)
        func codes(threads: Int = 8, descriptors: Int = 20, children: Int = 0) -> [String] {
            let after = ProcessFootprint(threads: threads, descriptors: descriptors, children: children)
            return DryRun.findings(before, after, 16).map(\.code)
        }
        #expect(codes() == [])
        #expect(codes(threads: 8 + 15, descriptors: 20 + 15) == [])
        #expect(codes(threads: 8 + 16, descriptors: 20 + 16) == ["leaks_threads", "leaks_descriptors"])
        #expect(codes(children: 1) == ["leaves_children"])
    }

    @Test("reads what the system's loader says")
    func loader() {
        let trace = LoaderTrace(
            text: """
                \tlibnonsense.so.9 => not found
                \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fa58147c000)
                ./x.so: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by ./x.so)
                undefined symbol: foo_missing\t(./x.so)
                undefined symbol: bar, version X_1\t(./x.so)
                """
        )
        #expect(trace.missingLibraries == ["libnonsense.so.9"])
        #expect(trace.missingSymbols == ["foo_missing", "bar"])
        #expect(trace.missingVersions.count == 1)
        let codes = FileLint.dependencies(trace).map(\.code)
        #expect(codes == ["missing_library", "missing_version"])
    }
}
