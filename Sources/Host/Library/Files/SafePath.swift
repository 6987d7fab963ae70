/// A relative path that a client or a torrent named and that cannot lead out of its folder by its text.
///
/// Links on the disk are another matter: `resolve(inside:on:)` looks at them.
struct SafePath: Hashable, Sendable {
    /// Why a path is refused.
    enum Refusal: Error, Hashable, CustomStringConvertible {
        case empty, absolute, leavesRoot, controlCharacter, componentTooLong, tooDeep
        /// A link on the way leads to this place outside.
        case linkLeavesRoot(String)
        case unreadable(FileError)

        var description: String {
            switch self {
            case .empty: "the path is empty"
            case .absolute: "the path is absolute; only names inside the folder are allowed"
            case .leavesRoot: "the path has `..` in it"
            case .controlCharacter: "the path has control characters in it"
            case .componentTooLong: "a name in the path is longer than \(SafePath.longestComponent) bytes"
            case .tooDeep: "the path has more than \(SafePath.deepest) levels"
            case .linkLeavesRoot(let place): "a symbolic link on the way leads outside, to \(place)"
            case .unreadable(let error): error.description
            }
        }
    }

    /// In bytes of UTF-8: what Linux file systems take.
    static let longestComponent = 255
    static let deepest = 64

    let components: [String]

    /// Reads a path with `/` between its components.
    init(_ text: String) throws(Refusal) {
        guard !text.isEmpty else { throw .empty }
        guard !text.hasPrefix("/") else { throw .absolute }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .controlCharacter
        }
        let parts = FilePath.components(text).map(String.init)
        guard !parts.isEmpty else { throw .empty }
        guard parts.count <= Self.deepest else { throw .tooDeep }
        guard !parts.contains("..") else { throw .leavesRoot }
        guard parts.allSatisfy({ $0.utf8.count <= Self.longestComponent }) else { throw .componentTooLong }
        components = parts
    }

    /// The absolute path inside `root`, after following every link that exists on the way.
    ///
    /// What does not exist yet is appended as it is, so the answer also serves for a file that will be made.
    func resolve(inside root: String, on files: any FileSystem) throws(Refusal) -> String {
        let base = try Self.real(root, files)
        var place = base
        for (index, component) in components.enumerated() {
            let next = FilePath.join(place, component)
            guard let status = try Self.status(next, files) else {
                return components[index...].reduce(place) { FilePath.join($0, $1) }
            }
            place = status.kind == .symbolicLink ? try Self.real(next, files) : next
            guard FilePath.isEqualOrInside(place, base) else { throw .linkLeavesRoot(place) }
        }
        return place
    }

    private static func real(_ path: String, _ files: any FileSystem) throws(Refusal) -> String {
        do { return try files.realPath(of: path) } catch { throw .unreadable(error) }
    }

    private static func status(_ path: String, _ files: any FileSystem) throws(Refusal) -> FileStatus? {
        do { return try files.status(of: path) } catch { throw .unreadable(error) }
    }
}
