import PluginAPI

extension MagnetLink {
    /// The link, with `name` if it has none of its own.
    func named(_ name: String?) -> String {
        guard let name, !name.isEmpty, self.name == nil else { return link }
        return link + "&dn=" + FormBody.escape(name)
    }
}
