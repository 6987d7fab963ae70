import FoundationEssentials
import Glibc
import PluginAPI
import PluginHosting

/// The program: loads one plugin and relays between it and the server that has started the program.
///
///     kinodock-runner ID FILE FOLDER own|shared SERVER any|STATUS
///
/// With a status, as `PluginFileStatus` writes it, no other file is run. The socket to the server is descriptor 3. People do not start this program.
enum RunnerMain {
    private static let socketNumber: Int32 = 3

    static func run(_ arguments: [String]) {
        guard arguments.count == 7, let server = Int32(arguments[5]) else {
            fail("kinodock-runner is started by kinodock; see docs/operations.md.")
        }
        var status = stat()
        guard fstat(socketNumber, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            fail("kinodock-runner has no connection to a server; it is started by kinodock.")
        }
        RunnerLimits.set(server: server)
        let socket = PrivateDescriptor.hide(socketNumber)
        let candidate = PluginCandidate(
            id: arguments[1],
            path: arguments[2],
            folder: arguments[3],
            hasOwnFolder: arguments[4] == "own"
        )
        let writer = FrameWriter(socket, .waits)
        do {
            let plugin = try PluginLoader.load(candidate, expecting: PluginFileStatus(text: arguments[6]))
            _ = writer.send(frame(.hello, RunnerHello(minor: plugin.minor, manifest: plugin.manifest)))
            Relay(plugin, writer).run(reading: socket)
        } catch {
            _ = writer.send(frame(.refused, RunnerRefusal(error)))
        }
        RunnerLimits.end()
    }

    private static func frame(_ kind: Frame.Kind, _ value: some Encodable) -> Frame {
        var frame = Frame(kind)
        // What cannot be written is as empty as what cannot be read.
        frame.json = (try? WireJSON.encode(value)) ?? Data()
        return frame
    }

    private static func fail(_ words: String) -> Never {
        _ = (words + "\n").withCString { write(2, $0, strlen($0)) }
        exit(2)
    }
}
