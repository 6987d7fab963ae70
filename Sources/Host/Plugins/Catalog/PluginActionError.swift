/// Why something cannot be done with a plugin.
enum PluginActionError: Error, Hashable {
    /// There is no plugin of that id.
    case unknown(String)
    /// It makes no sense in the state that the plugin is in; in words.
    case senseless(String)

    var message: String {
        switch self {
        case .unknown(let id): "There is no plugin \(id); look at the list of plugins for those that exist."
        case .senseless(let words): words
        }
    }
}

extension PluginActionError: CustomStringConvertible {
    var description: String { message }
}
