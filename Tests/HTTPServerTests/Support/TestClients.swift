/// Carries clients from one thread to the next; only one thread uses them at a time.
final class TestClients: @unchecked Sendable {
    let all: [TestClient]

    init(_ all: [TestClient]) {
        self.all = all
    }

    init(_ count: Int, port: Int, _ prepare: (TestClient) throws -> Void) throws {
        all = try (0..<count).map { _ in
            let client = try TestClient(port: port)
            try prepare(client)
            return client
        }
    }
}
