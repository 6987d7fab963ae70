import CCurl
import FoundationEssentials

/// One exchange while it runs; confined to the engine's thread.
///
/// libcurl holds an unretained pointer to it, as the context of its callbacks and as the handle's private pointer.
/// That pointer is always valid: `TransferLoop` keeps the transfer in its table from before `curl_multi_add_handle`
/// until after `curl_multi_remove_handle`, libcurl calls back only from functions that the loop calls for a handle
/// that is added, and a handle is reset, which clears the pointer, before it serves another transfer.
final class Transfer {
    /// A redirect's body is read to keep the connection, up to here; then a new connection is cheaper.
    private static let discardLimit = 64 << 10

    let order: TransferOrder
    let handle: UnsafeMutableRawPointer
    private(set) var hop: Hop
    /// The request that the response asks for, once its head has come.
    private(set) var nextHop: Hop?
    /// Why a callback stopped the transfer, which libcurl only knows as a write error.
    private(set) var failure: HTTPClientError?
    private(set) var head = ResponseHead()
    private var bodyBytes = 0
    private var uploaded = 0
    /// The fields of the request as libcurl wants them; owned here because libcurl only borrows the list.
    var fieldList: UnsafeMutablePointer<curl_slist>?

    init(_ order: TransferOrder, handle: UnsafeMutableRawPointer) {
        self.order = order
        self.handle = handle
        hop = order.hop
    }

    deinit {
        curl_slist_free_all(fieldList)
    }

    /// Makes the redirect's target the current request.
    func advance(to next: Hop) {
        hop = next
        nextHop = nil
        failure = nil
        head = ResponseHead()
        bodyBytes = 0
        uploaded = 0
        curl_slist_free_all(fieldList)
        fieldList = nil
    }

    /// Takes a line of the head; `false` stops the transfer.
    func receive(headLine line: UnsafeRawBufferPointer) -> Bool {
        switch head.receive(line) {
        case .incomplete: return true
        case .complete: return headIsComplete()
        case .tooLarge: return stop(.protocol, "sent a response head larger than \(ResponseHead.limit >> 10) KiB.")
        }
    }

    /// Takes a piece of the body and answers in libcurl's terms: its size, or the mark that pauses or stops.
    func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        bodyBytes += bytes.count
        if nextHop != nil { return bodyBytes <= Self.discardLimit ? bytes.count : 0 }
        guard bodyBytes <= order.maxBodyBytes else { return stopForSize() ? bytes.count : 0 }
        if order.sink.received(bytes) { return bytes.count }
        // The same bytes are offered again later.
        bodyBytes -= bytes.count
        return Int(CURL_WRITEFUNC_PAUSE)
    }

    /// Fills `buffer` with the next bytes of the request's body.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = hop.body else { return 0 }
        let start = body.startIndex + uploaded
        let end = min(start + buffer.count, body.endIndex)
        body[start..<end].copyBytes(to: buffer)
        uploaded += end - start
        return end - start
    }

    /// Goes to another place of the request's body, when libcurl must send it again on a new connection.
    func seek(to offset: Int) -> Bool {
        guard let body = hop.body, (0...body.count).contains(offset) else { return false }
        uploaded = offset
        return true
    }

    /// Whether the current request may go to `address`; `nil` is one that cannot be read.
    func mayReach(_ address: NetworkAddress?) -> Bool {
        guard let exempt = order.privateHosts, !exempt.contains(hop.address.host) else { return true }
        if let address, !address.isPrivate { return true }
        return stop(
            .unreachable,
            "is not in the internet but in a private network, where this may not be fetched from."
        )
    }

    private func headIsComplete() -> Bool {
        order.cookies?.store(head.fields, from: hop.address)
        if order.followsRedirects {
            do throws(HTTPClientError) {
                nextHop = try hop.following(head)
            } catch {
                failure = error
                return false
            }
            if nextHop != nil { return true }
        }
        if hop.method != "HEAD", let length = head.contentLength, length > order.maxBodyBytes { return stopForSize() }
        order.sink.began(head, at: hop.address)
        return true
    }

    private func stopForSize() -> Bool {
        stop(.tooLarge, "sent more than the \(order.maxBodyBytes) bytes that are allowed here.")
    }

    private func stop(_ code: HTTPClientError.Code, _ reason: String) -> Bool {
        failure = HTTPClientError(code, "\(hop.address.endpoint) \(reason)")
        return false
    }
}
