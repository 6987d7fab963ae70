import CLibTorrent
import FoundationEssentials

extension Data {
    /// A copy of borrowed bytes.
    init(_ bytes: kdt_bytes) {
        guard let data = bytes.data, bytes.count > 0 else {
            self.init()
            return
        }
        self.init(bytes: data, count: bytes.count)
    }

    /// Lends the bytes for the time of a call.
    func borrowed<Result>(_ body: (kdt_bytes) -> Result) -> Result {
        withUnsafeBytes { buffer in
            body(kdt_bytes(data: buffer.bindMemory(to: UInt8.self).baseAddress, count: buffer.count))
        }
    }
}
