import FoundationEssentials
import Glibc
import PluginAPI
import Synchronization

@testable import Host
@testable import PluginHosting

/// The plugins of Tests/Fixtures/Plugins, built when the first test asks for them.
enum FixturePlugins {
    /// The folder with the C plugins, one folder each.
    static let folder: String = {
        var template = Array("/tmp/kinodock-fixtures-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "There is no room for the C plugins in /tmp.")
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        atexit { TemporaryFolder.removeAll(FixturePlugins.folder) }
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/Plugins").path()
        let status = Command.run("/usr/bin/make", ["-s", "-j4", "-C", source, "OUT=\(folder)"])
        precondition(status == 0, "The C plugins could not be built; is a C compiler installed?")
        return folder
    }()

    /// The Swift plugin, which the package builds beside the tests.
    static var swiftEcho: PluginCandidate {
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path()
        return PluginCandidate(
            id: "swift-echo",
            path: folder + "/libSwiftEchoPlugin.so",
            folder: folder,
            hasOwnFolder: false
        )
    }

    static func candidate(_ id: String, in folder: String = folder) -> PluginCandidate {
        PluginCandidate(id: id, path: "\(folder)/\(id)/plugin.so", folder: "\(folder)/\(id)", hasOwnFolder: true)
    }

    /// The plugin of faults.c with that fault, which is made when it is asked for the first time.
    static func fault(_ name: String) -> PluginCandidate {
        let candidate = candidate("fault-" + name)
        faults.withLock { _ in
            guard access(candidate.path, F_OK) != 0 else { return }
            guard let library = try? Data(contentsOf: URL(filePath: folder + "/faults.so")),
                let place = library.firstRange(of: Data(("FAULT=none" + String(repeating: ".", count: 28)).utf8)),
                name.utf8.count <= 32
            else { preconditionFailure("There is no plugin with the fault \(name).") }
            let mark = Data(("FAULT=" + name).utf8) + Data(repeating: UInt8(ascii: "."), count: 32 - name.utf8.count)
            let copy = library[..<place.lowerBound] + mark + library[place.upperBound...]
            guard (try? TemporaryFolder.write(copy, to: candidate.path)) != nil else {
                preconditionFailure("\(candidate.path) cannot be written.")
            }
        }
        return candidate
    }

    private static let faults = Mutex(())

    /// An instance of the C plugin `c-echo`, or of another one that needs no settings.
    static func echo(
        _ services: any HostServices = RecordingServices(),
        of candidate: PluginCandidate = candidate("c-echo")
    ) async throws -> InProcessTransport {
        try await PluginLoader.load(candidate).makeTransport(
            settings: Data("{}".utf8),
            host: HostService(services: services)
        )
    }
}

/// What tests of plugins do with folders.
extension TemporaryFolder {
    static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    static func copy(_ source: String, to path: String) throws {
        try write(Data(contentsOf: URL(filePath: source)), to: path)
    }
}

/// Programs that tests run.
enum Command {
    /// Runs a program to its end.
    ///
    /// - Returns: its exit code, or -1 when it could not be started.
    static func run(_ program: String, _ arguments: [String]) -> Int32 {
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process = pid_t()
        guard posix_spawn(&process, program, nil, nil, &words, environ) == 0 else { return -1 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status >> 8
    }
}
