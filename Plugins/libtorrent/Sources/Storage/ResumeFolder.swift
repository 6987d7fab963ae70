import FoundationEssentials
import Glibc
import PluginAPI

/// The files from which torrents go on after a restart, one for each, and what the DHT knew.
///
/// On a thread of its own: a disk may take its time.
actor ResumeFolder {
    private static let suffix = ".torrent-state"

    private let path: String
    private let thread = WorkThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ path: String) {
        self.path = path
    }

    deinit {
        thread.end()
    }

    /// What is stored, by id, in no order.
    ///
    /// - Throws: `PluginError` when the folder cannot be made or read.
    func all() throws -> [(id: String, data: Data)] {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            return try FileManager.default.contentsOfDirectory(atPath: path).compactMap { name in
                guard name.hasSuffix(Self.suffix) else { return nil }
                let data = try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
                return (String(name.dropLast(Self.suffix.count)), data)
            }
        } catch {
            throw PluginError(.internal, "The folder \(path) cannot be read: let Kinodock's user read and write it.")
        }
    }

    /// Stores the state of a torrent in place of what was there: all of it or nothing.
    ///
    /// - Parameter durably: whether it must outlast a loss of power.
    /// - Throws: `PluginError` saying what is wrong with the disk.
    func write(_ data: Data, id: String, durably: Bool) throws {
        let problem = replace(file(id), with: data, durably: durably)
        if problem != 0 { throw failure(problem, "The state of a torrent") }
    }

    /// What `write(nodes:)` has stored last; `nil` when that is nothing, or cannot be had.
    func nodes() -> Data? { try? Data(contentsOf: URL(filePath: nodesFile)) }

    /// Stores what the DHT knows, all of it or nothing.
    ///
    /// - Throws: `PluginError` saying what is wrong with the disk.
    func write(nodes: Data) throws {
        let problem = replace(nodesFile, with: nodes, durably: false)
        if problem != 0 { throw failure(problem, "What is known of the DHT") }
    }

    /// Keeps what cannot be read out of the way.
    func setNodesAside() { rename(nodesFile, nodesFile + ".damaged") }

    private var nodesFile: String { path + "/dht-state" }

    /// - Returns: an errno value, or 0.
    private func replace(_ target: String, with data: Data, durably: Bool) -> Int32 {
        let draft = target + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        var problem = data.withUnsafeBytes { Self.write($0, to: descriptor) }
        if problem == 0, durably, fsync(descriptor) != 0 { problem = errno }
        close(descriptor)
        if problem == 0, rename(draft, target) != 0 { problem = errno }
        if problem != 0 { unlink(draft) } else if durably { settle() }
        return problem
    }

    func remove(_ id: String) {
        unlink(file(id))
        settle()
    }

    /// Keeps a file that cannot be read out of the way, for somebody who may repair it.
    func setAside(_ id: String) {
        rename(file(id), file(id) + ".damaged")
    }

    private func file(_ id: String) -> String { "\(path)/\(id)\(Self.suffix)" }

    /// Makes the names in the folder outlast a loss of power.
    private func settle() {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// - Returns: an errno value, or 0.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        // Ends: each round writes at least a byte, or fails.
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno != EINTR { return errno }
            rest = rest.dropFirst(max(count, 0))
        }
        return 0
    }

    private func failure(_ code: Int32, _ what: String) -> PluginError {
        PluginError(
            .internal,
            "\(what) cannot be written into \(path): \(String(cString: strerror(code))). "
                + "Make room there, or let Kinodock's user write into it."
        )
    }
}
