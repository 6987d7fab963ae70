/// An HTTP/1.1 client over libcurl with one pool of connections.
///
/// Everything runs on one thread, which exists only while there is something to do or connections are kept. Retries and
/// caching are the business of callers. When the last reference goes, the client shuts down.
package final class HTTPClient: Sendable {
    let engine: TransferEngine

    /// Creates a client; it costs one file descriptor until the first request.
    package init(configuration: Configuration = .init()) {
        engine = TransferEngine(configuration: configuration)
    }

    deinit {
        engine.shutDown()
    }

    /// Makes the exchange and gathers the whole body in memory.
    ///
    /// A status of 400 or above is a response, not an error. When the task is cancelled, the exchange ends at once with
    /// `.cancelled`.
    package func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        let collector = ResponseCollector()
        let order = try TransferOrder(request, sink: collector, configuration: engine.configuration)
        return try await collector.reply.wait {
            engine.start(order)
        } cancel: { [engine] in
            engine.post(.cancel(collector))
        }
    }

    /// Makes the exchange and hands the body over piece by piece, as fast as it is taken.
    ///
    /// Returns when the head of the final response is there. `timeout` and `maxBodyBytes` hold for the whole body: for a
    /// long download give them large values and set `idleTimeout`. Errors on the way come from the stream.
    package func stream(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientStream {
        let buffer = StreamBuffer()
        let order = try TransferOrder(request, sink: buffer, configuration: engine.configuration)
        let (head, address) = try await buffer.head.wait {
            engine.start(order)
        } cancel: { [engine] in
            buffer.fail(.cancelled)
            engine.post(.cancel(buffer))
        }
        return HTTPClientStream(head: head, url: address.text, body: StreamBody(buffer: buffer, engine: engine))
    }

    /// Ends every open request with `.cancelled`, and later ones too; returns when the thread has ended.
    package func shutDown() {
        engine.shutDown()
    }
}
