import PluginAPI

extension DataFolder {
    /// Starts to watch over this process, and logs what became of the last one at the hands of a plugin.
    ///
    /// Called once the folder is locked: the file belongs to one process.
    ///
    /// - Returns: `nil`, with a warning, when the file for it cannot be kept; the server can do without.
    func watchOverProcess(logger: Logger, clock: any WallClock) -> CrashSentinel? {
        do {
            let sentinel = try CrashSentinel(configuration.dataDirectory + "/plugins.sentinel", now: clock.now)
            for crash in sentinel.lastRun.crashes {
                logger.warning(crash.words, ["plugin": .string(crash.id), "sha256": .string(crash.sha256)])
            }
            if let fault = sentinel.lastRun.fault { logger.warning(fault) }
            sentinel.watchProcess()
            return sentinel
        } catch {
            logger.warning("\(error.message) So after a crash it will not be known which plugin it was.")
            return nil
        }
    }
}
