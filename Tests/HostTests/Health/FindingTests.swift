import FoundationEssentials
import PluginAPI
import PluginHosting
import Synchronization
import Testing

@testable import Host

@Suite("What is found to be a problem")
struct FindingTests {
    private let plugins = ScriptedPlugins()

    private func standing(_ change: (inout Instance) -> Void = { _ in }) -> InstanceStanding {
        var instance = HostWorld.instance("one")
        change(&instance)
        return InstanceStanding(instance, plugins: plugins)
    }

    private func failing(_ code: PluginError.Code, retryAfter: Int? = nil) -> InstanceStanding {
        standing { instance in
            let error = PluginError(code, "It said no.", retryAfter: retryAfter)
            instance.health.recordFailure(error, now: ManualClock.start)
        }
    }

    @Test("an instance that works is none, and one that is switched off neither, whatever failed before")
    func none() {
        #expect(Problem.Finding(standing(), plugin: nil) == nil)
        let off = standing { instance in
            instance.health.recordFailure(PluginError(.unreachable, "Gone."), now: ManualClock.start)
            instance.isEnabled = false
        }
        #expect(Problem.Finding(off, plugin: nil) == nil)
    }

    @Test("an instance that fails is named, with why, since when, what to do and how to test it")
    func instance() throws {
        let finding = try #require(Problem.Finding(failing(.unauthorized), plugin: nil))
        #expect(finding.source == .downloadClient && finding.subjectID == "id-one" && finding.name == "one")
        #expect(finding.code == "unauthorized" && finding.state == "failing" && finding.level == .error)
        #expect(finding.summary == "The download client one does not work." && finding.message == "It said no.")
        #expect(finding.since == ManualClock.start)
        #expect(finding.remedy == .testInstance(.downloadClient, id: "id-one"))
    }

    @Test("every way to fail has something to do, in words", arguments: PluginError.Code.allCases)
    func actions(code: PluginError.Code) throws {
        let action = try #require(Problem.Finding(failing(code), plugin: nil)).action
        #expect(action.split(separator: " ").count > 3 && action.hasSuffix("."))
    }

    @Test("a service that asks for patience is not to be tested")
    func patience() throws {
        #expect(try #require(Problem.Finding(failing(.rateLimited, retryAfter: 60), plugin: nil)).remedy == nil)
    }

    @Test(
        "an instance without its plugin says what is to be done with the plugin",
        arguments: [
            (PluginState.disabled, Problem.Remedy.enablePlugin("scripted")), (.failed, .retryPlugin("scripted")),
            (.quarantined, .retryPlugin("scripted")), (.crashed, .retryPlugin("scripted")), (.missing, .rescanPlugins),
        ]
    )
    func withoutPlugin(state: PluginState, remedy: Problem.Remedy) throws {
        plugins.state.withLock { _ = $0.missing.insert("scripted") }
        let entry = PluginEntry(id: "scripted", path: "/p", state: state)
        let finding = try #require(Problem.Finding(standing(), plugin: entry))
        #expect(finding.code == "plugin_unusable" && finding.state == state.rawValue && finding.remedy == remedy)
        #expect(finding.summary == "The download client one has no usable plugin." && finding.since == nil)
        #expect(finding.action.contains("scripted"))
        // A poll that finds the plugin missing does not make another problem of it.
        let asked = standing { $0.health.recordMissingPlugin("It is off.", now: ManualClock.start) }
        #expect(Problem.Finding(asked, plugin: entry) == finding)
    }

    @Test("a plugin is a problem in every state but those that are well or wanted", arguments: PluginState.allCases)
    func pluginStates(state: PluginState) {
        let entry = PluginEntry(id: "box", path: "/p", state: state, reason: "It is so.")
        let finding = Problem.Finding(entry)
        #expect((finding == nil) == [.active, .discovered, .disabled, .superseded].contains(state))
        guard let finding else { return }
        #expect(finding.summary == "The plugin box is \(state.rawValue)." && finding.message == "It is so.")
        #expect(finding.code == state.rawValue && finding.level == .error && finding.action.hasSuffix("."))
    }

    @Test("a plugin that is in use and needs a restart is a warning")
    func restart() throws {
        let entry = PluginEntry(id: "box", path: "/p", state: .active, reason: "Changed.", code: .restartNeeded)
        let finding = try #require(Problem.Finding(entry))
        #expect(finding.level == .warning && finding.code == "restart_needed" && finding.remedy == nil)
    }

    @Test("the files of one id are different problems")
    func files() {
        let ids = ["/a/box.so", "/b/box.so"].map {
            Problem.Finding(PluginEntry(id: "box", path: $0, state: .failed))?.id
        }
        #expect(ids[0] != ids[1] && ids[0] != nil)
    }

    @Test(
        "a disk is a problem with a code, and without a path",
        arguments: [
            DiskHealth.Trouble.Code.databaseNotWritable, .folderMissing, .folderNotWritable, .nearlyFull, .silent,
        ]
    )
    func disks(code: DiskHealth.Trouble.Code) throws {
        let bad = DiskHealth.Finding(problem: .init(code, "It is full."), freeBytes: 1)
        let finding = try #require(Problem.Finding(disk: "tv", bad))
        #expect(finding.source == .disk && finding.subjectID == "tv" && finding.code == code.rawValue)
        #expect(finding.summary == "It is full." && finding.action.hasSuffix("."))
        #expect(Problem.Finding(disk: "tv", .init(freeBytes: 1)) == nil)
    }
}

@Suite("How everything stands")
struct HealthSnapshotTests {
    private let plugins = ScriptedPlugins()

    @Test("finds what is wrong with plugins, instances, disks and the server")
    func findings() {
        var snapshot = HealthSnapshot()
        #expect(snapshot.findings.isEmpty)
        plugins.state.withLock { _ = $0.missing.insert("scripted") }
        snapshot.standings = [InstanceStanding(HostWorld.instance("one"), plugins: plugins)]
        snapshot.plugins = [
            PluginEntry(id: "scripted", path: "/old", state: .superseded),
            PluginEntry(id: "scripted", path: "/p", state: .disabled),
            PluginEntry(id: "bad", path: "/b", state: .failed),
        ]
        snapshot.disks = [("data", .init()), ("tv", .init(problem: .init(.silent, "Silent.")))]
        snapshot.server = [.foldersNotWatched]
        #expect(snapshot.findings.map(\.subjectID) == ["bad", "id-one", "tv", "plugin-folders"])
        #expect(snapshot.findings.map(\.state) == ["failed", "disabled", "failing", "degraded"])
    }

    @Test("shows which instances are otherwise than before; that one worked again and again is nothing new")
    func instances() {
        func snapshot(_ change: (inout Instance) -> Void) -> HealthSnapshot {
            var instance = HostWorld.instance("one")
            change(&instance)
            return HealthSnapshot(standings: [InstanceStanding(instance, plugins: plugins)])
        }
        let good = snapshot { _ in }
        let works = snapshot { $0.health.recordSuccess(now: ManualClock.start) }
        let fails = snapshot { $0.health.recordFailure(PluginError(.invalid, "No."), now: ManualClock.start) }
        let off = snapshot { $0.isEnabled = false }
        #expect(works.changedInstances(since: good).isEmpty)
        #expect([fails, off].allSatisfy { $0.changedInstances(since: good).map(\.id) == ["id-one"] })
        #expect(good.changedInstances(since: HealthSnapshot()).count == 1)
        #expect(HealthSnapshot().changedInstances(since: good).isEmpty)
    }

    @Test("shows which plugins came, changed and went")
    func entries() {
        let old = HealthSnapshot(plugins: [
            PluginEntry(id: "a", path: "/a", state: .active), PluginEntry(id: "b", path: "/b", state: .active),
        ])
        let new = HealthSnapshot(plugins: [
            PluginEntry(id: "a", path: "/a", state: .disabled), PluginEntry(id: "c", path: "/c", state: .active),
        ])
        #expect(new.changedPlugins(since: old).map(\.id) == ["a", "c"])
        #expect(new.removedPlugins(since: old).map(\.id) == ["b"])
        #expect(old.changedPlugins(since: old).isEmpty && old.removedPlugins(since: old).isEmpty)
    }
}
