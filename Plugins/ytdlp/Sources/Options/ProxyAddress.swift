import PluginAPI

/// The address of a proxy.
enum ProxyAddress {
    /// - Throws: what `refuse` makes of the fault; the words never hold the address, for it may hold a password.
    static func check(_ text: String, _ refuse: (String) -> PluginError) throws {
        let schemes = ["http://", "https://", "socks4://", "socks4a://", "socks5://", "socks5h://"]
        // An empty one means none at all.
        guard text.isEmpty || schemes.contains(where: text.lowercased().hasPrefix) else {
            throw refuse("The address of a proxy begins with http://, https://, socks4:// or socks5://.")
        }
    }
}
