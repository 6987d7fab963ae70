/// Carries out what commands have asked a running server for.
struct PluginRequests: Sendable {
    let store: Store
    let catalog: PluginCatalog

    /// Forgets what was asked of a server that has ended.
    func begin() throws { try store.forgetPluginRequests() }

    /// Carries out what is open, one after the other.
    func carryOut() async throws {
        for (number, request) in try store.openPluginRequests() {
            var answer = ""
            do { try await request.carryOut(on: catalog) } catch { answer = error.words }
            // Who has asked looks at the list next.
            await catalog.keepList()
            try await store.answer(pluginRequest: number, answer)
        }
    }
}
