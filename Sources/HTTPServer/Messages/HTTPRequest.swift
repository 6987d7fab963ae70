package import FoundationEssentials

/// One request as a handler sees it; it stays valid for as long as it is kept.
package struct HTTPRequest: Sendable {
    /// The method; HEAD reaches the handler of GET.
    package let method: HTTPMethod
    /// The target as it came on the wire: path and query, nothing decoded.
    package let rawTarget: String
    /// The values of the route's parameters.
    package internal(set) var parameters = RouteParameters()
    /// The whole body, no longer than the route allows.
    package internal(set) var body = Data()
    /// The address of the client's end of the connection.
    package let peer: PeerAddress
    /// Whether the connection is encrypted.
    package let isTLS: Bool

    let head: RequestHead

    init(method: HTTPMethod, rawTarget: String, head: RequestHead, peer: PeerAddress, isTLS: Bool) {
        self.method = method
        self.rawTarget = rawTarget
        self.head = head
        self.peer = peer
        self.isTLS = isTLS
    }

    /// Makes a request by hand, for tests of handlers and for requests that one part of the host puts to another.
    package init(
        _ method: HTTPMethod,
        _ target: String,
        headers: HTTPHeaders = [:],
        body: Data = Data(),
        peer: PeerAddress = .loopback,
        isTLS: Bool = false
    ) {
        self.init(method: method, rawTarget: target, head: RequestHead(headers), peer: peer, isTLS: isTLS)
        self.body = body
    }

    /// The correlation id: the value of `x-correlation-id` when that is a UUID, else a new one made when first asked.
    package var id: String { head.id() }

    /// The header fields.
    package var headers: RequestHeaders { RequestHeaders(head: head) }

    /// The path, percent-decoded, without the query; computed each time.
    package var path: String {
        let raw = rawTarget.utf8.prefix { $0 != UInt8(ascii: "?") }
        return String(decoding: PercentCoding.decodeLeniently(raw, plusIsSpace: false), as: UTF8.self)
    }

    /// The query, parsed when asked; keep it in a constant to parse once.
    package var query: QueryParameters {
        guard let mark = rawTarget.utf8.firstIndex(of: UInt8(ascii: "?")) else { return QueryParameters("") }
        return QueryParameters(rawTarget[rawTarget.utf8.index(after: mark)...])
    }

    /// The address of the client as text.
    package var remoteAddress: String { peer.text }

    /// Whether the client runs on this machine.
    package var isLoopback: Bool { peer.isLoopback }
}
