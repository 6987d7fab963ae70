import FoundationEssentials
import Glibc
import PluginAPI

/// Runs the server: `kinodock serve`.
struct ServeCommand {
    let configuration: ServerConfiguration

    /// Has the server start anew with a backup that was laid ready.
    ///
    /// Not SIGUSR1, with which Swift holds the other threads when one has crashed.
    static let takeOverBackup = SIGUSR2

    /// Seconds that an orderly end may take; the journals make a harder one safe too.
    private static let patience = 9

    func run() throws -> Int32 {
        Process.prepare()
        let signals = SignalQueue([SIGTERM, SIGINT, SIGHUP, Self.takeOverBackup])
        let folder = DataFolder(configuration)
        try folder.prepare()
        try folder.lock()
        let logger = Logger(
            level: configuration.logLevel,
            format: configuration.logFormat,
            redactor: Redactor(),
            clock: SystemClock()
        )
        try folder.prepareLibrary(logger: logger)
        if let old = try folder.applyStagedRestore() { logger.info("Restored a backup; the old database is \(old).") }
        let store = try Store(path: configuration.databasePath)
        let sentinel = folder.watchOverProcess(logger: logger, clock: SystemClock())
        defer { sentinel?.endInOrder() }
        let parts = try ServerParts(
            configuration,
            store: store,
            logger: logger,
            clock: SystemClock(),
            sentinel: sentinel
        )
        let server = try Waiting.run { try await KinodockServer(configuration, parts: parts) }
        logger.info(
            "Kinodock \(KinodockVersion.text) serves \(server.address).",
            ["data": .string(configuration.dataDirectory)]
        )
        // Not before it serves: the start after one that failed would not show the key again.
        try makeFirstKey(store)
        return wait(for: signals, server, logger) { sentinel?.endInOrder() }
    }

    /// - Parameter replaced: called before another program takes over the process.
    private func wait(
        for signals: SignalQueue,
        _ server: KinodockServer,
        _ logger: Logger,
        replaced: () -> Void
    ) -> Int32 {
        while true {
            switch signals.next() {
            case SIGHUP: Task { await server.rescan() }
            case Self.takeOverBackup:
                logger.info("Starting anew to take over a backup.")
                end(server, logger)
                replaced()
                Process.startAnew()
                logger.error(
                    "The server cannot start itself anew: \(String(cString: strerror(errno))). Start it by hand."
                )
                return 1
            default:
                logger.info("Ending.")
                end(server, logger)
                return 0
            }
        }
    }

    private func end(_ server: KinodockServer, _ logger: Logger) {
        guard Waiting.run(seconds: Self.patience, { await server.stop() }) else {
            logger.warning(
                "Something did not end in time; what it was doing is in the journal and goes on at the next start."
            )
            return
        }
    }

    /// Without any key nobody could use the server, so the first start makes one and shows it once.
    private func makeFirstKey(_ store: Store) throws {
        guard configuration.adminKey == nil, try store.accessKeys().isEmpty else { return }
        let (key, secret) = AccessKey.make(name: "first", role: .admin, now: Date())
        try store.insert(key)
        Terminal.print("Admin key, shown only now: \(secret)")
    }
}
