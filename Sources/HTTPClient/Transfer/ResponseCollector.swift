import FoundationEssentials
import Synchronization

/// Gathers a whole response in memory.
final class ResponseCollector: TransferSink {
    private struct Received {
        var head = ResponseHead()
        var url = ""
        var body = Data()
    }

    /// A server that lies about the length shall not make us set more than this aside.
    private static let reservationLimit = 4 << 20

    let reply = Reply<HTTPClientResponse>()
    private let received = Mutex(Received())

    var isSettled: Bool { reply.isSettled }

    func began(_ head: ResponseHead, at address: WebAddress) {
        received.withLock {
            $0.head = head
            $0.url = address.text
            if let length = head.contentLength { $0.body.reserveCapacity(min(max(length, 0), Self.reservationLimit)) }
        }
    }

    func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
        received.withLock { $0.body.append(contentsOf: bytes) }
        return true
    }

    func finished() {
        let whole = received.withLock { state in
            defer { state = Received() }
            return state
        }
        reply.settle(
            .success(
                HTTPClientResponse(
                    status: whole.head.status,
                    headers: whole.head.fields,
                    url: whole.url,
                    body: whole.body
                )
            )
        )
    }

    func fail(_ error: HTTPClientError) {
        reply.settle(.failure(error))
    }
}
