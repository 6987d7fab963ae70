/// The info hashes of a torrent: v1, v2, or both for a hybrid one.
public struct InfoHashes: Hashable, Sendable {
    /// SHA-1, 40 lower-case hexadecimal digits.
    public var v1: String?
    /// SHA-256, 64 lower-case hexadecimal digits.
    public var v2: String?

    /// Hashes that are lower-case already; they are not checked.
    public init(v1: String? = nil, v2: String? = nil) {
        self.v1 = v1
        self.v2 = v2
    }

    /// The ids under which a client may list the torrent, the likelier one first.
    ///
    /// With libtorrent 2 a hybrid torrent has the shortened v2 hash as its id, with libtorrent 1.2 the v1 hash.
    public var candidates: [String] {
        [v2.map { String($0.prefix(40)) }, v1].compactMap(\.self)
    }

    /// The hash under which the host knows the torrent; `nil` when there is none at all.
    public var preferred: String? { v1 ?? v2 }
}
