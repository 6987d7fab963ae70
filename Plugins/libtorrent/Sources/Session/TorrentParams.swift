import CLibTorrent
import FoundationEssentials
import PluginAPI

/// What is to be downloaded, in the engine's own form.
///
/// It belongs to the thread of the session that it is added to.
final class TorrentParams {
    let handle: OpaquePointer
    private let isOwned: Bool

    private init(_ handle: OpaquePointer) {
        (self.handle, isOwned) = (handle, true)
    }

    /// Params that belong to an event, and are valid as long as that.
    init(borrowing handle: OpaquePointer) {
        (self.handle, isOwned) = (handle, false)
    }

    deinit {
        if isOwned { kdt_params_free(handle) }
    }

    static func magnet(_ link: String) throws(EngineFailure) -> TorrentParams {
        try make { kdt_params_magnet(link, $0) }
    }

    static func file(_ file: Data) throws(EngineFailure) -> TorrentParams {
        try make { failure in file.borrowed { kdt_params_file($0, failure) } }
    }

    /// Reads what `encoded` has made.
    static func saved(_ data: Data) throws(EngineFailure) -> TorrentParams {
        try make { failure in data.borrowed { kdt_params_saved($0, failure) } }
    }

    private static func make(
        _ body: (UnsafeMutablePointer<kdt_failure>) -> OpaquePointer?
    ) throws(EngineFailure) -> TorrentParams {
        var failure = kdt_failure()
        guard let handle = body(&failure) else { throw EngineFailure(failure) }
        return TorrentParams(handle)
    }

    var hashes: InfoHashes { InfoHashes(kdt_params_hashes(handle)) }

    /// `nil` when nothing has told it yet.
    var name: String? {
        get { kdt_params_name(handle).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
        set { if let newValue { kdt_params_set_name(handle, newValue) } }
    }

    /// The folder that the content lies in.
    var savePath: String {
        get { kdt_params_save_path(handle).map { String(cString: $0) } ?? "" }
        set { kdt_params_set_save_path(handle, newValue) }
    }

    /// What was kept beside the rest when it was saved.
    var notes: Data { Data(kdt_params_notes(handle)) }

    /// `nil` while the files are not known.
    var layout: TorrentLayout? { TorrentLayout(consuming: kdt_params_layout(handle)) }

    func forgetPieces() { kdt_params_forget_pieces(handle) }

    /// Everything that is needed to go on later; `nil` when there is no memory for it.
    func encoded(with notes: Data) -> Data? {
        let encoded = notes.borrowed { Data(kdt_params_encode(handle, $0)) }
        return encoded.isEmpty ? nil : encoded
    }
}

extension InfoHashes {
    /// The hashes that are there.
    init(_ raw: kdt_hashes) {
        func text<Field>(_ field: Field) -> String? {
            let text = withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return text.isEmpty ? nil : text
        }
        self.init(v1: text(raw.v1), v2: text(raw.v2))
    }
}
