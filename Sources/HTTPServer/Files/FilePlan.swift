internal import FoundationEssentials

/// How a file answers one request: the status, the fields and which bytes; decided without touching the file.
struct FilePlan: Equatable {
    /// The bytes that follow the fields.
    enum Content: Equatable {
        /// None of the many bytes that there are.
        case nothing(of: UInt64)
        case bytes(Range<UInt64>)
        case parts(ByteRangeParts)
    }

    /// A file as its client sees it.
    struct Representation {
        var size: UInt64
        var contentType: String
        var etag: String?
        var lastModified: Date?
        var disposition: String?
    }

    var status: HTTPStatus
    var headers: [[String]]
    var content: Content

    /// What to tell the client when the request cannot be answered as asked.
    var refusal: String? {
        switch status {
        case .preconditionFailed: Preconditions.refusal
        case .rangeNotSatisfiable: "No part of the range lies in this file; Content-Range has the file's length."
        default: nil
        }
    }

    /// Decides (RFC 9110 sections 13, 14 and 15.3.7).
    ///
    /// `value` looks a field of the request up.
    init(
        _ method: HTTPMethod,
        _ file: Representation,
        boundary: () -> String = ByteRangeParts.newBoundary,
        value: @escaping (String) -> String?
    ) {
        let validators = Validators(etag: file.etag.flatMap(EntityTag.init), lastModified: file.lastModified)
        let common = Self.commonFields(file)
        let whole = Self(
            status: .ok,
            headers: common + Self.contentFields(file),
            content: .bytes(0..<file.size)
        )
        switch Preconditions(value).verdict(method, validators) {
        case .notModified: self.init(status: .notModified, headers: common, content: .nothing(of: file.size))
        case .failed: self.init(status: .preconditionFailed, headers: common, content: .nothing(of: file.size))
        case .proceed(rangeAllowed: false): self = whole
        case .proceed(rangeAllowed: true):
            let header = value("Range").map { RangeHeader($0, length: file.size) } ?? .ignored
            self = Self.ranged(header, file, common, boundary) ?? whole
        }
    }

    private init(status: HTTPStatus, headers: [[String]], content: Content) {
        self.status = status
        self.headers = headers
        self.content = content
    }

    private static func ranged(
        _ header: RangeHeader,
        _ file: Representation,
        _ common: [[String]],
        _ boundary: () -> String
    ) -> FilePlan? {
        switch header {
        case .ignored: return nil
        case .unsatisfiable:
            let range = ["Content-Range", "bytes */\(file.size)"]
            return FilePlan(status: .rangeNotSatisfiable, headers: common + [range], content: .nothing(of: file.size))
        case .ranges(let ranges) where ranges.count == 1:
            let range = ["Content-Range", ByteRangeParts.contentRange(ranges[0], of: file.size)]
            return FilePlan(
                status: .partialContent,
                headers: common + contentFields(file) + [range],
                content: .bytes(ranges[0])
            )
        case .ranges(let ranges):
            let parts = ByteRangeParts(
                ranges: ranges,
                size: file.size,
                contentType: file.contentType,
                boundary: boundary()
            )
            let type = ["Content-Type", "multipart/byteranges; boundary=\(parts.boundary)"]
            return FilePlan(
                status: .partialContent,
                headers: common + disposition(file) + [type],
                content: .parts(parts)
            )
        }
    }

    private static func commonFields(_ file: Representation) -> [[String]] {
        [["Accept-Ranges", "bytes"]] + (file.etag.map { [["ETag", $0]] } ?? [])
            + (file.lastModified.map { [["Last-Modified", HTTPDate.text($0)]] } ?? [])
    }

    private static func contentFields(_ file: Representation) -> [[String]] {
        [["Content-Type", file.contentType]] + disposition(file)
    }

    private static func disposition(_ file: Representation) -> [[String]] {
        file.disposition.map { [["Content-Disposition", $0]] } ?? []
    }
}
