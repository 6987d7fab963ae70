internal import CMicroHTTPD
internal import FoundationEssentials

/// A response in the library's form, ready to be queued.
///
/// `@unchecked Sendable`: it is made by one thread and handed to one other, which alone uses it from then on.
struct EncodedResponse: @unchecked Sendable {
    let status: HTTPStatus
    let handle: OpaquePointer
    /// The length of the body, 0 where it is not known.
    let bytes: UInt64
    /// Whether sending takes long enough for a stop to wait for it.
    var isLong = false
    /// Whether the handle is to be given up after queueing.
    var isOwned = true
}

/// Turns a handler's response into the library's, with conditions and ranges applied.
struct ResponseEncoder {
    let core: ServerCore
    let connection: OpaquePointer
    let request: HTTPRequest

    /// Encodes; an error on the way, such as a missing file, becomes the response.
    func encode(_ response: HTTPResponse) -> EncodedResponse? {
        if case .prepared(let prepared) = response.body {
            return EncodedResponse(
                status: prepared.status,
                handle: prepared.handle,
                bytes: UInt64(prepared.count),
                isOwned: false
            )
        }
        do {
            return try encodeBody(of: try conditional(response))
        } catch {
            let answer = core.router.response(to: error, request)
            if case .file = answer.body { return nil }
            return try? encodeBody(of: answer)
        }
    }

    /// The most bytes of a body that are read at a time: the larger the quicker, but from 128 KiB on the C library maps
    /// and clears new memory for each answer.
    private static let block = 120 << 10

    /// The longest stretch of a file that is read and sent; the kernel sends longer ones from its own pages.
    ///
    /// It is what a socket's buffer holds. Up to there copying is quicker than `sendfile`, which the library calls for
    /// 128 KiB at a time, after a packet with the header fields alone.
    private static let longestCopy: UInt64 = 4 << 20

    private var isHead: Bool { request.method == .head }

    /// Applies If-Match, If-None-Match and their kin to a response that brings an ETag of its own.
    private func conditional(_ response: HTTPResponse) throws -> HTTPResponse {
        guard response.status == .ok, request.method == .get || isHead, let tag = response.headers["ETag"] else {
            return response
        }
        if case .file = response.body { return response }
        let date = response.headers["Last-Modified"].flatMap(HTTPDate.parse)
        let head = request.head
        let verdict = Preconditions { head.value($0) }.verdict(
            request.method,
            Validators(etag: EntityTag(tag), lastModified: date)
        )
        if verdict == .failed { throw HTTPError(.preconditionFailed, Preconditions.refusal) }
        guard verdict == .notModified else { return response }
        var short = response
        short.status = .notModified
        short.headers["Content-Type"] = nil
        return short
    }

    private func encodeBody(of response: HTTPResponse) throws -> EncodedResponse? {
        if response.status == .notModified {
            return finish(response, MHDResponse.announcing(response.body.length ?? .max), 0)
        }
        return switch response.body {
        case .empty, .prepared: finish(response, MHDResponse.empty(), 0)
        case .bytes(let bytes): finish(response, MHDResponse.copying(bytes), bytes.count)
        case .data(let data): finish(response, data.withUnsafeBytes(MHDResponse.copying), data.count)
        case .file(let file): try encodeFile(file, response)
        case .events(let events): encodeEvents(events, response)
        case .stream(let stream): encodeStream(stream, response)
        }
    }

    private func finish(
        _ response: HTTPResponse,
        _ handle: OpaquePointer?,
        _ count: Int,
        isLong: Bool = false
    ) -> EncodedResponse? {
        guard let handle else { return nil }
        MHDResponse.add(response.headers, to: handle)
        // A large body may wait for its client; a small one fits the socket's buffer.
        return EncodedResponse(
            status: response.status,
            handle: handle,
            bytes: UInt64(count),
            isLong: isLong || count > 64 << 10
        )
    }

    private func encodeEvents(_ events: EventStreamBody, _ response: HTTPResponse) -> EncodedResponse? {
        if isHead { return finish(response, MHDResponse.announcing(.max), 0) }
        let subscriber = events.broadcaster.subscribe(events, on: connection, of: core)
        let handle = MHDResponse.reading(subscriber, count: nil, block: 512)
        if handle == nil { subscriber.close() }
        return finish(response, handle, 0, isLong: true)
    }

    private func encodeStream(_ stream: StreamBody, _ response: HTTPResponse) -> EncodedResponse? {
        if isHead { return finish(response, MHDResponse.announcing(stream.length ?? .max), 0) }
        let reader = PullStream(stream, connection: connection, core: core)
        let handle = MHDResponse.reading(reader, count: stream.length, block: Self.block)
        if handle == nil { reader.close() }
        return finish(response, handle, Int(clamping: stream.length ?? 0), isLong: true)
    }

    private func encodeFile(_ body: FileBody, _ response: HTTPResponse) throws -> EncodedResponse? {
        let file: OpenFile, isOurs: Bool
        switch body.source {
        case .path(let path): (file, isOurs) = (try OpenFile(path: path), true)
        case .open(let open): (file, isOurs) = (open, false)
        }
        let facts = try file.facts()
        let head = request.head
        let plan = FilePlan(
            request.method,
            FilePlan.Representation(
                size: body.size ?? facts.size,
                contentType: body.contentType,
                etag: body.etag ?? facts.etag,
                lastModified: body.lastModified ?? facts.modified,
                disposition: body.disposition
            )
        ) { head.value($0) }
        if let words = plan.refusal {
            let headers = plan.headers.reduce(into: HTTPHeaders()) { $0.add($1[0], $1[1]) }
            return try encodeBody(of: core.router.render(HTTPError(plan.status, words, headers: headers), request))
        }
        var planned = response
        planned.status = plan.status
        for field in plan.headers { planned.headers[field[0]] = field[1] }
        return try encode(plan.content, of: file, isOurs, planned)
    }

    private func encode(
        _ content: FilePlan.Content,
        of file: OpenFile,
        _ isOurs: Bool,
        _ response: HTTPResponse
    ) throws -> EncodedResponse? {
        switch content {
        case .nothing(let size): return finish(response, MHDResponse.announcing(size), 0)
        case .bytes(let range) where range.isEmpty: return finish(response, MHDResponse.empty(), 0)
        case .bytes(let range):
            let count = range.upperBound - range.lowerBound
            if isHead { return finish(response, MHDResponse.announcing(count), 0) }
            let handle: OpaquePointer?
            if core.isTLS || count <= Self.longestCopy {
                handle = MHDResponse.reading(FileReader(file, [.file(range)]), count: count, block: Self.block)
            } else {
                // The library closes the descriptor with the response.
                let descriptor = isOurs ? file.surrender() : try file.duplicate()
                handle = MHD_create_response_from_fd_at_offset64(count, descriptor, range.lowerBound)
            }
            return finish(response, handle, Int(clamping: count), isLong: true)
        case .parts(let parts):
            let handle = MHDResponse.reading(FileReader(file, parts.pieces), count: parts.count, block: Self.block)
            return finish(response, handle, Int(clamping: parts.count), isLong: true)
        }
    }
}
