import FoundationEssentials
import PluginAPI

/// Finds out where the pictures are: TMDB's API says so, and it hardly ever changes.
struct PictureAddress: Sendable {
    /// What `/configuration` says, as far as it is looked at.
    struct Configuration: Decodable {
        struct Images: Decodable {
            var secureBaseUrl: String?
            var baseUrl: String?
        }

        var images: Images

        /// Ends in a slash; `nil` when TMDB names none.
        var base: String? {
            guard let text = images.secureBaseUrl ?? images.baseUrl, text.hasPrefix("http") else { return nil }
            return text.hasSuffix("/") ? text : text + "/"
        }
    }

    private struct Stored: Codable {
        /// The address of the API that said so.
        var api: String
        var base: String
        var fetched: Double
    }

    private static let key = "pictures"
    /// Seconds for which the address is kept, also across restarts: a week.
    private static let lifetime = 604_800.0
    /// As TMDB documents it.
    private static let official = "https://image.tmdb.org/t/p/"

    let settings: TMDBSettings
    let answers: Answers

    /// Never fails: what cannot be found out is taken to be as documented.
    func pictures() async -> Pictures {
        Pictures(base: await base(), size: settings.imageSize)
    }

    private func base() async -> String {
        if !settings.imageUrl.isEmpty {
            return settings.imageUrl.hasSuffix("/") ? settings.imageUrl : settings.imageUrl + "/"
        }
        let host = answers.service.host
        let now = host.now.timeIntervalSince1970
        let data = try? await host.value(for: Self.key)
        var stored = data.flatMap { try? JSONDecoder().decode(Stored.self, from: $0) }
        if stored?.api != settings.url { stored = nil }
        if let stored, abs(now - stored.fetched) < Self.lifetime { return stored.base }
        guard let found = try? await answers.value(Configuration.self, "/configuration").base else {
            return stored?.base ?? Self.official
        }
        let latest = Stored(api: settings.url, base: found, fetched: now)
        try? await host.setValue(JSONEncoder().encode(latest), for: Self.key)
        return found
    }
}
