extension ConnectionReport.Check {
    /// Whether the version of a program is new enough; one that does not begin with a number, like "develop", is.
    ///
    /// - Parameters:
    ///   - version: what the program says, for example "21.0-testing".
    ///   - product: what it is called.
    ///   - oldest: the oldest version that will do, for example "2.80".
    public static func version(_ version: String, of product: String, oldest: String) -> Self {
        let limits = oldest.split(separator: ".").compactMap { Int($0) }
        let numbers = version.split(separator: ".").prefix(limits.count).map { Int($0) }.prefix { $0 != nil }
        guard numbers.compactMap(\.self).lexicographicallyPrecedes(limits.prefix(numbers.count)) else {
            return .init("version", ok: true)
        }
        return .init("version", ok: false, message: "\(product) \(version) is too old: \(oldest) or newer is needed.")
    }
}
