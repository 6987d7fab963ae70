/// Names that NZBGet makes of addresses, which may hold a key of their site.
enum JobName {
    /// The name; empty when it is a part of an address.
    static func shown(_ name: String) -> String {
        let isAddress = name.contains("?") || name.contains("/") || name.lowercased().contains("apikey")
        return isAddress ? "" : name
    }
}
