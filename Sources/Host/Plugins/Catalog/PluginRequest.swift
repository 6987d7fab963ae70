/// Something to be done with plugins, as a command asks for it.
struct PluginRequest: Hashable, Sendable {
    enum Verb: String, Sendable, CaseIterable {
        case enable, disable, retry, accept, isolation, rescan
    }

    let verb: Verb
    /// The id; empty for a rescan.
    let plugin: String
    /// For `isolation` alone.
    let mode: IsolationSetting?

    /// Does it.
    ///
    /// - Throws: as the catalog does.
    func carryOut(on catalog: PluginCatalog) async throws {
        switch verb {
        case .enable: try await catalog.enable(plugin)
        case .disable: try await catalog.disable(plugin)
        case .retry: try await catalog.retry(plugin)
        case .accept: try await catalog.accept(plugin)
        case .isolation: try await catalog.isolate(plugin, mode ?? .auto)
        case .rescan: try await catalog.rescan()
        }
    }
}
