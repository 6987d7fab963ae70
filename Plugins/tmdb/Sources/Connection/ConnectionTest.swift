import FoundationEssentials
import PluginAPI

/// Tries with fresh requests what an account needs: the key, the settings of language and country, and the pictures.
struct ConnectionTest: Sendable {
    let service: Service
    let settings: TMDBSettings

    /// - Throws: when TMDB is not there, or refuses the key.
    func run() async throws -> ConnectionReport {
        var report = ConnectionReport(apiVersion: "3")
        let answer = try await service.get("/configuration")
        let configuration = try service.read(PictureAddress.Configuration.self, from: answer.body)
        report.checks = [.init("connection", ok: true), .init("key", ok: true)]
        report.checks.append(try await language())
        report.checks.append(try await region())
        if let reason = await reasonAgainstPictures(configuration.base) {
            let words = "Pictures cannot be fetched: \(reason) Titles come all the same, without posters."
            report.warnings.append(.init("no_pictures", words, field: "imageUrl"))
        } else {
            report.checks.append(.init("pictures", ok: true))
        }
        return report
    }

    private func language() async throws -> ConnectionReport.Check {
        let known = try await Choices(service: service).languages()
        guard let language = Language(settings.language), known.contains(where: { $0.hasPrefix(language.code) }) else {
            return .init(
                "language",
                ok: false,
                field: "language",
                message: "TMDB has no texts in “\(settings.language.prefix(20))”. Choose one like en-US or de-DE."
            )
        }
        return .init("language", ok: true, field: "language")
    }

    private func region() async throws -> ConnectionReport.Check {
        let known = try await Choices(service: service).countries().map(\.code)
        guard known.contains(settings.region.uppercased()) else {
            return .init(
                "region",
                ok: false,
                field: "region",
                message: "TMDB knows no country “\(settings.region.prefix(20))”. Choose one like US or DE."
            )
        }
        return .init("region", ok: true, field: "region")
    }

    /// Fetches one small poster: the pictures are on another host, which may be blocked by itself.
    ///
    /// - Returns: why that failed; `nil` when there is one.
    private func reasonAgainstPictures(_ named: String?) async -> String? {
        let base = settings.imageUrl.isEmpty ? named ?? "" : settings.imageUrl
        do {
            let popular = try await service.get("/movie/popular", [("page", "1")])
            let rows = try service.read(Searcher.Page.self, from: popular.body).results ?? []
            guard let path = rows.lazy.compactMap(\.posterPath).first else { return nil }
            var request = ServiceRequest("GET", base + (base.hasSuffix("/") ? "" : "/") + "w92" + path)
            request.timeout = settings.timeoutSeconds * 1000
            request.maxBytes = 1 << 20
            request.usesCookies = false
            let answer = try await service.host.send(request)
            let isPicture = answer.status == 200 && answer.header("Content-Type")?.hasPrefix("image/") == true
            return isPicture ? nil : "their server answers \(answer.status) and no picture."
        } catch {
            return (error as? PluginError)?.message ?? "the request was given up."
        }
    }
}
