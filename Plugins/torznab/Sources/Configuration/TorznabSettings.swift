import PluginAPI

/// The stored settings of one indexer.
///
/// What is absent, or null, or an empty text stands for its default.
struct TorznabSettings: Hashable, Sendable {
    /// Where the indexer is, without the path of the API and without a query.
    var url = ""
    /// What follows the address.
    var path = "/api"
    /// A secret: it goes into the query of every request to the indexer, as its API wants it.
    var apiKey = ""
    /// Newznab numbers in which is searched when a search names none; all when empty.
    var categories: [Int] = []
    /// Torrents that are said to have fewer are left out.
    var minimumSeeders = 0
    /// Seconds for one request.
    var timeoutSeconds = 20
    /// The most requests in a minute.
    var requestsPerMinute = 60
    /// Whether a certificate that nobody vouches for is refused.
    var verifyCertificate = true

    /// The defaults.
    init() {}
}

extension TorznabSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case url, path, apiKey, categories, minimumSeeders, timeoutSeconds, requestsPerMinute, verifyCertificate
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        url = values.text(.url) ?? url
        path = values.text(.path) ?? path
        apiKey = values.text(.apiKey) ?? apiKey
        categories = values.numbers(.categories) ?? categories
        minimumSeeders = values.whole(.minimumSeeders) ?? minimumSeeders
        timeoutSeconds = values.whole(.timeoutSeconds) ?? timeoutSeconds
        requestsPerMinute = values.whole(.requestsPerMinute) ?? requestsPerMinute
        verifyCertificate = values.flag(.verifyCertificate) ?? verifyCertificate
    }

    /// Writes the form's own types: choices are texts.
    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(url, forKey: .url)
        try values.encode(path, forKey: .path)
        try values.encode(apiKey, forKey: .apiKey)
        try values.encode(categories.map(String.init), forKey: .categories)
        try values.encode(minimumSeeders, forKey: .minimumSeeders)
        try values.encode(timeoutSeconds, forKey: .timeoutSeconds)
        try values.encode(requestsPerMinute, forKey: .requestsPerMinute)
        try values.encode(verifyCertificate, forKey: .verifyCertificate)
    }
}

extension KeyedDecodingContainer {
    /// A list of texts or numbers, or one text with commas.
    fileprivate func numbers(_ key: Key) -> [Int]? {
        if let numbers = try? decode([Int].self, forKey: key) { return numbers }
        let texts = (try? decode([String].self, forKey: key)) ?? text(key)?.split(separator: ",").map(String.init)
        return texts?.compactMap { Int($0.filter { !$0.isWhitespace }) }
    }
}
