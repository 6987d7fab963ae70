import FoundationEssentials
import Glibc

/// `kinodock backup FILE`: a copy of the database, also while the server runs.
struct BackupCommand {
    let configuration: ServerConfiguration
    let files: [String]

    func run() throws -> Int32 {
        guard files.count == 1 else {
            throw UsageError("kinodock backup takes the file to write: kinodock backup FILE")
        }
        let target = ServerConfiguration.absolute(files[0])
        guard access(configuration.databasePath, F_OK) == 0 else {
            throw CommandFailure("There is no database in \(configuration.dataDirectory). Is --data right?")
        }
        let store = try Store(path: configuration.databasePath)
        defer { store.close() }
        let key: Data
        do {
            key = try Data(contentsOf: URL(filePath: configuration.keyPath))
        } catch {
            throw CommandFailure(
                "The key file \(configuration.keyPath) cannot be read (\(error.words)), and a backup without it is of no use."
            )
        }
        try store.backup(to: target, key: key)
        Terminal.print("Wrote \(target). It holds passwords and the key to them: keep it as safe as the data folder.")
        return 0
    }
}

/// `kinodock restore FILE`: a running server takes the backup over by starting anew.
struct RestoreCommand {
    let configuration: ServerConfiguration
    let files: [String]

    func run() throws -> Int32 {
        guard files.count == 1 else { throw UsageError("kinodock restore takes the backup: kinodock restore FILE") }
        let source = ServerConfiguration.absolute(files[0])
        guard access(source, R_OK) == 0 else {
            throw CommandFailure("\(source) cannot be read: \(String(cString: strerror(errno))).")
        }
        let folder = DataFolder(configuration)
        try folder.prepare()
        try folder.stage(backup: source)
        if let pid = folder.serverPID() {
            guard kill(pid, ServeCommand.takeOverBackup) == 0 else {
                throw CommandFailure("The server (process \(pid)) cannot be told; restart it to take the backup over.")
            }
            Terminal.print("The server (process \(pid)) starts anew with \(source).")
        } else {
            let old = try folder.applyStagedRestore()
            Terminal.print("Restored \(source)." + (old.map { " The old database is \($0)." } ?? ""))
        }
        return 0
    }
}
