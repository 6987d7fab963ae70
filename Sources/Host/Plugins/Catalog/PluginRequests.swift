/// Carries out what commands have asked a running server for.
actor PluginRequests {
    private let store: Store
    private let catalog: PluginCatalog
    /// The last round that was begun.
    private var last: Task<Void, any Error>?

    init(store: Store, catalog: PluginCatalog) {
        self.store = store
        self.catalog = catalog
    }

    /// Forgets what was asked of a server that has ended.
    nonisolated func begin() throws { try store.forgetPluginRequests() }

    /// Carries out what is open, one after the other.
    ///
    /// One round after the other too: each request is carried out once, however many commands have told the server.
    func carryOut() async throws {
        let before = last
        let round = Task {
            _ = await before?.result
            try await carryOutOpen()
        }
        last = round
        try await round.value
    }

    private func carryOutOpen() async throws {
        for (number, request) in try store.openPluginRequests() {
            var answer = ""
            do { try await request.carryOut(on: catalog) } catch { answer = error.words }
            // Who has asked looks at the list next.
            await catalog.keepList()
            try await store.answer(pluginRequest: number, answer)
        }
    }
}
