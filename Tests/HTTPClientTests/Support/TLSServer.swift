import FoundationEssentials
import Glibc

/// `openssl s_server` on a free port of the loopback, with a certificate made for the occasion.
final class TLSServer {
    let port: Int
    private let folder: URL
    private let process: pid_t

    struct SetupFailure: Error {
        let step: String
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kinodock-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (key, certificate) = (folder.appending(path: "key.pem").path, folder.appending(path: "cert.pem").path)
        let output = folder.appending(path: "output").path
        let maker = try Self.spawn(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                + ["-subj", "/CN=kinodock", "-addext", "subjectAltName=IP:127.0.0.1"]
                + ["-keyout", key, "-out", certificate],
            output: output
        )
        var status: CInt = 0
        guard waitpid(maker, &status, 0) == maker, status == 0 else { throw SetupFailure(step: "certificate") }
        process = try Self.spawn(
            ["s_server", "-accept", "127.0.0.1:0", "-www", "-key", key, "-cert", certificate],
            output: output
        )
        guard let port = Self.announcedPort(in: output) else { throw SetupFailure(step: "server") }
        self.port = port
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        try? FileManager.default.removeItem(at: folder)
    }

    private static func spawn(_ arguments: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = (["openssl"] + arguments).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        guard posix_spawnp(&process, "openssl", &actions, nil, &arguments, environ) == 0 else {
            throw SetupFailure(step: "openssl, which Debian's package openssl holds")
        }
        return process
    }

    /// Waits, 10 s at most, for the line "ACCEPT 127.0.0.1:PORT".
    private static func announcedPort(in output: String) -> Int? {
        for _ in 0..<1000 {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first {
                $0.hasPrefix("ACCEPT")
            }
            if let port = line?.split(separator: ":").last.flatMap({ Int($0) }) { return port }
            // No event tells that another process has written to a file, so this looks again after 10 ms.
            poll(nil, 0, 10)
        }
        return nil
    }
}
