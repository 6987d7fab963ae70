import FoundationEssentials
import Glibc
import PluginHosting

/// Lists the plugins, or changes one: `kinodock plugins`.
///
/// Nothing of a plugin runs in the process of the command. A server that runs is asked to do what is wanted; without
/// one, it is done in the database.
struct PluginsCommand {
    let configuration: ServerConfiguration
    let arguments: Arguments

    /// How long a running server may take for a request.
    private static let patience = Duration.seconds(20)

    func run() throws -> Int32 {
        let request = try PluginRequest(words: arguments.positional)
        if let pid = DataFolder(configuration).serverPID() {
            try throughServer(request, pid)
        } else {
            try withoutServer(request)
        }
        return 0
    }

    private func throughServer(_ request: PluginRequest?, _ pid: pid_t) throws {
        let store = try Store(path: configuration.databasePath)
        defer { store.close() }
        if let request { try send(request, to: pid, store) }
        show(try store.rememberedPlugins().list, only: request?.plugin)
    }

    /// Has the server do it.
    private func send(_ request: PluginRequest, to pid: pid_t, _ store: Store) throws {
        let number = try store.add(request)
        guard kill(pid, SIGHUP) == 0 else {
            try store.removePluginRequest(number)
            throw CommandFailure("The server (process \(pid)) cannot be told: \(String(cString: strerror(errno))).")
        }
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            if let answer = try store.takeAnswer(ofPluginRequest: number) {
                if !answer.isEmpty { throw CommandFailure(answer) }
                return
            }
            usleep(20_000)
        }
        throw CommandFailure("The server (process \(pid)) has not answered yet; look at the list in a moment.")
    }

    private func withoutServer(_ request: PluginRequest?) throws {
        let hasDatabase = access(configuration.databasePath, F_OK) == 0
        if request != nil, request?.verb != .rescan { try DataFolder(configuration).prepare() }
        let store = hasDatabase || request != nil ? try Store(path: configuration.databasePath) : nil
        defer { store?.close() }
        let catalog = PluginCatalog(
            PluginPlaces(configuration),
            memory: CommandMemory(store: store),
            loading: ListingPluginLoading(runner: configuration.runner),
            clock: SystemClock(),
            atOnce: ProcessInfo.processInfo.activeProcessorCount,
            report: { Terminal.error($0) }
        )
        let expected = Set(try store?.configuredPlugins() ?? [])
        let entries = try Waiting.run {
            try await catalog.begin()
            catalog.expect(expected)
            await catalog.quiet(.everything, within: Self.patience)
            try await request?.carryOut(on: catalog)
            await catalog.quiet(.everything, within: Self.patience)
            return catalog.entries
        }
        show(PluginEntry.json(of: entries), only: request?.plugin)
    }

    /// - Parameter id: the plugin that something was done with; `nil` or empty shows all.
    private func show(_ list: [UInt8], only id: String?) {
        if arguments.switches.contains("json") { return Terminal.print(String(decoding: list, as: UTF8.self)) }
        let all = PluginEntry.list(fromJSON: list)
        let entries = all.filter { id?.isEmpty != false || $0.id == id }
        if all.isEmpty { Terminal.print("No plugin in \(configuration.pluginFolders.joined(separator: ", ")).") }
        for entry in entries {
            Terminal.print("\(entry.id)  \(entry.version ?? "-")  \(entry.state.rawValue)  \(entry.path)")
            if let reason = entry.reason { Terminal.print("    \(reason)") }
        }
    }
}

extension PluginRequest {
    /// Reads what stands on the command line; `nil` when nothing is to be done.
    ///
    /// - Throws: `UsageError` with what there is.
    init?(words: [String]) throws(UsageError) {
        guard let first = words.first else { return nil }
        guard let verb = Verb(rawValue: first) else {
            let hint = Arguments.hint(first, Verb.allCases.map(\.rawValue), list: "kinodock plugins --help")
            throw UsageError("kinodock plugins knows no \"\(first)\".\(hint)")
        }
        let count = verb == .rescan ? 1 : verb == .isolation ? 3 : 2
        guard words.count == count else {
            let rest =
                verb == .rescan ? "nothing else" : verb == .isolation ? "an id and a mode" : "the id of one plugin"
            throw UsageError("kinodock plugins \(first) takes \(rest).")
        }
        var mode: IsolationSetting?
        if verb == .isolation {
            mode = IsolationSetting(rawValue: words[2])
            guard mode != nil else {
                throw UsageError("A plugin runs \(IsolationSetting.words); \"\(words[2])\" is none of these.")
            }
        }
        self.init(verb: verb, plugin: verb == .rescan ? "" : words[1], mode: mode)
    }
}

/// What the server remembers, where there is a database; the list is left as the server has seen it.
private struct CommandMemory: PluginMemory {
    let store: Store?

    func rememberedPlugins() throws -> PluginMemories { try store?.rememberedPlugins() ?? PluginMemories() }
    func setDisabled(_ id: String, _ isDisabled: Bool) async throws { try await store?.setDisabled(id, isDisabled) }
    func setIsolation(_ id: String, _ setting: IsolationSetting) async throws {
        try await store?.setIsolation(id, setting)
    }
    func keep(_ scan: PluginScan) async throws { try await store?.keep(scan) }
    func keep(_ fault: PluginFault) async throws { try await store?.keep(fault) }
    func forgetFailures(of hashes: Set<String>) async throws { try await store?.forgetFailures(of: hashes) }
    func keep(pluginList json: [UInt8]) async throws {}
}
