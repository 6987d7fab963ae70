import PluginAPI

/// The stored settings of one account at TMDB.
///
/// What is absent, or null, or an empty text stands for its default.
struct TMDBSettings: Hashable, Sendable {
    /// How large the pictures are that titles name.
    enum ImageSize: String, Hashable, Sendable, Codable {
        case medium, large, original
    }

    static let officialAddress = "https://api.themoviedb.org/3"

    /// A secret: an API key of 32 hexadecimal digits, or an access token.
    var apiKey = ""
    /// BCP 47: a language and perhaps a country, for example "de-DE".
    var language = "en-US"
    /// ISO 3166-1, two letters.
    var region = "US"
    var includeAdult = false
    var imageSize = ImageSize.large
    /// Where the API is, ending in its version.
    var url = TMDBSettings.officialAddress
    /// Where the pictures are; empty when the API shall say so.
    var imageUrl = ""
    /// Seconds for one request.
    var timeoutSeconds = 10

    init() {}
}

extension TMDBSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case apiKey, language, region, includeAdult, imageSize, url, imageUrl, timeoutSeconds
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        apiKey = values.text(.apiKey) ?? apiKey
        language = values.text(.language) ?? language
        region = values.text(.region) ?? region
        includeAdult = (try? values.decode(Bool.self, forKey: .includeAdult)) ?? includeAdult
        imageSize = values.text(.imageSize).flatMap(ImageSize.init) ?? imageSize
        url = values.text(.url) ?? url
        imageUrl = values.text(.imageUrl) ?? imageUrl
        timeoutSeconds = (try? values.decode(Int.self, forKey: .timeoutSeconds)) ?? timeoutSeconds
    }
}

extension KeyedDecodingContainer {
    fileprivate func text(_ key: Key) -> String? {
        guard let text = try? decode(String.self, forKey: key) else { return nil }
        let trimmed = text.trimmed
        return trimmed.isEmpty ? nil : trimmed
    }
}
