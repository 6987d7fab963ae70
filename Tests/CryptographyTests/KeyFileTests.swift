import Cryptography
import FoundationEssentials
import Glibc
import Testing

/// A key file in a folder of its own, which goes with the test.
private final class KeyFile {
    let folder: String
    var path: String { folder + "/key" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/kinodock-key-" + RandomBytes.uuid()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, mode: mode_t = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        chmod(path, mode)
    }

    var mode: mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

struct KeyFileTests {
    private let file: KeyFile

    init() throws { file = try KeyFile() }

    @Test("makes a key that its owner alone can read, and finds it again")
    func creates() throws {
        let sealed = try SealingKey.load(orCreateAt: file.path).seal(Data("x".utf8), context: "")
        #expect(file.mode == 0o600)
        #expect(try SealingKey.load(orCreateAt: file.path).open(sealed, context: "") == Data("x".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder) == ["key"])
    }

    @Test("reads the key that a file holds, with or without the end of a line", arguments: ["", "\n", "\r\n"])
    func reads(end: String) throws {
        try file.write(Hex.encode([UInt8](0..<32)) + end)
        let sealed = try SealingKey.load(orCreateAt: file.path).seal(Data("x".utf8), context: "")
        #expect(try SealingKey(bytes: [UInt8](0..<32)).open(sealed, context: "") == Data("x".utf8))
    }

    @Test("gives the same key to all who start at once", .timeLimit(.minutes(1)))
    func race() async throws {
        let path = file.path
        let sealed = try await withThrowingTaskGroup { group in
            for _ in 0..<16 {
                group.addTask { try SealingKey.load(orCreateAt: path).seal(Data("x".utf8), context: "") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let key = try SealingKey.load(orCreateAt: path)
        for one in sealed { #expect(try key.open(one, context: "") == Data("x".utf8)) }
    }

    @Test("refuses a file that others can read or write, and says what to do", arguments: [0o640, 0o604, 0o620, 0o602])
    func exposed(mode: mode_t) throws {
        try file.write(Hex.encode([UInt8](0..<32)), mode: mode)
        let error = #expect(throws: CryptographyError.self) { try SealingKey.load(orCreateAt: file.path) }
        #expect(error.map { "\($0)".contains("chmod 600 \(file.path)") } == true)
    }

    @Test(
        "refuses a file without a key and leaves it alone",
        arguments: ["", "\n", "abc", String(repeating: "0", count: 66)]
    )
    func damaged(text: String) throws {
        try file.write(text)
        #expect(throws: CryptographyError.keyFileDamaged(path: file.path)) {
            try SealingKey.load(orCreateAt: file.path)
        }
        #expect(try Data(contentsOf: URL(filePath: file.path)) == Data(text.utf8))
    }

    @Test("refuses a pipe in place of the file, without waiting for it", .timeLimit(.minutes(1)))
    func pipe() {
        #expect(mkfifo(file.path, 0o600) == 0)
        #expect(throws: CryptographyError.keyFileDamaged(path: file.path)) {
            try SealingKey.load(orCreateAt: file.path)
        }
    }

    @Test("says why it cannot make a file")
    func noFolder() {
        let path = file.folder + "/missing/key"
        let reason = "No such file or directory"
        #expect(throws: CryptographyError.keyFileFailed(path: path, reason: reason)) {
            try SealingKey.load(orCreateAt: path)
        }
    }
}
