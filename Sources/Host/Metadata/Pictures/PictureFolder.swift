import Cryptography
import FoundationEssentials
import Glibc
import HTTPServer

/// The files of pictures, each named by the hash of its bytes, so that none is ever changed.
///
/// All methods block.
struct PictureFolder: Sendable {
    /// For the server alone.
    let path: String
    private let incoming: String

    init(_ path: String) {
        self.path = path
        incoming = path + "/incoming"
    }

    /// Makes the folder, and removes what an earlier run has left half done or what no picture has any more.
    func prepare(keeping contents: Set<String>) throws {
        try? FileManager.default.removeItem(atPath: incoming)
        try make(incoming)
        for shelf in try FileManager.default.contentsOfDirectory(atPath: path) where shelf.utf8.count == 2 {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(shelf)")) ?? [] {
                if !contents.contains(name) { unlink("\(path)/\(shelf)/\(name)") }
            }
        }
    }

    /// Opens the file of a content.
    ///
    /// - Throws: when somebody has removed it.
    func open(_ hash: String) throws -> OpenFile { try OpenFile(path: file(hash)) }

    func remove(_ hashes: [String]) {
        for hash in hashes { unlink(file(hash)) }
    }

    /// A file to write to, which has no place yet.
    func begin() throws -> PictureDraft {
        try make(incoming)
        return try PictureDraft(path: "\(incoming)/\(RandomBytes.uuid())")
    }

    /// Gives a draft its place, in one step.
    func place(_ draft: PictureDraft, _ hash: String) throws {
        try make("\(path)/\(hash.prefix(2))")
        guard rename(draft.path, file(hash)) == 0 else { throw PictureDraft.failure(draft.path) }
    }

    private func file(_ hash: String) -> String { "\(path)/\(hash.prefix(2))/\(hash)" }

    private func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw PictureFailure.notKept("The folder \(folder) cannot be made: \(error.words)")
        }
    }
}
