import PluginAPI

/// Turns an address into downloads: one, or one for each entry of a playlist.
struct DownloadAdder: Sendable {
    private let settings: CheckedSettings
    private let tool: Tool
    private let host: any HostServices
    private let downloads: Downloads
    private let extractor: Turnstile
    private let version: VersionCheck

    /// How long a site may take to describe an address: less than the host waits.
    private static let limit = Duration.seconds(45)

    init(settings: CheckedSettings, tool: Tool, host: any HostServices, downloads: Downloads) {
        self.settings = settings
        self.tool = tool
        self.host = host
        self.downloads = downloads
        extractor = Turnstile(places: 3)
        version = VersionCheck(tool: tool)
    }

    /// Where downloads go that do not say where.
    static func root(_ settings: YtDlpSettings, _ host: any HostServices) async throws -> String {
        guard settings.downloadFolder.isEmpty else {
            let path = settings.downloadFolder
            return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        }
        return try await host.folders().downloads
    }

    func add(_ request: AddDownload) async throws -> AddedDownload {
        guard request.source == .url else {
            throw PluginError(.unsupported, "yt-dlp takes addresses, no \(request.source.text).", field: "source")
        }
        let wish = try await wish(request.link, request.options)
        let root = try await root(request)
        let first = draft(request, wish, link: request.link, entry: nil, name: nil, root: root)
        if await downloads.item(first.id) != nil { return AddedDownload(id: first.id, existed: true) }
        let description = try await describe(request.link, wish)
        guard !description.isUnknownFile else {
            throw PluginError(
                .unsupported,
                "This address is a file that is neither a page nor a video. A torrent or NZB needs a client for it.",
                field: "url"
            )
        }
        guard description.isList else {
            var download = first
            download.name = description.title ?? download.name
            download.size = description.size ?? 0
            download.isLive = description.isLive
            return try await keep([download], wish)
        }
        let entries = description.entries
        guard !entries.isEmpty else {
            throw PluginError(.notFound, "This playlist has no entries that can be downloaded.", field: "url")
        }
        let drafts = entries.map { entry in
            draft(
                request,
                wish,
                link: entry.link ?? request.link,
                entry: entry.link == nil ? entry.number : nil,
                name: entry.title ?? description.title.map { "\($0) \(entry.number)" },
                root: root
            )
        }
        return try await keep(drafts, wish)
    }

    func inspect(_ request: SourceInspection) async throws -> InspectedSource {
        let wish = try await wish(request.link, request.options)
        return try await describe(request.link, wish).inspected(as: request.link)
    }

    private struct Wish {
        let options: DownloadOptions
        /// Those of the download, else those of the settings.
        let cookies: String?
        let hasOwnCookies: Bool
    }

    private func wish(_ link: String, _ options: [String: JSONValue]?) async throws -> Wish {
        let lower = link.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://"), !link.contains(where: \.isWhitespace),
            !link.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }), !Failure.host(of: link).isEmpty
        else {
            throw PluginError(.invalid, "An address begins with http:// or https://.", field: "url")
        }
        let read = try DownloadOptions.read(options)
        try await version.check()
        return Wish(
            options: read.options,
            cookies: read.cookies ?? settings.cookies,
            hasOwnCookies: read.cookies != nil
        )
    }

    private func root(_ request: AddDownload) async throws -> String {
        guard let path = request.savePath, !path.isEmpty else { return try await Self.root(settings.settings, host) }
        guard path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            throw PluginError(.invalid, "The folder is a whole path without “..”.", field: "save_path")
        }
        return path
    }

    private func draft(
        _ request: AddDownload,
        _ wish: Wish,
        link: String,
        entry: Int?,
        name: String?,
        root: String
    ) -> Download {
        Download(
            id: DownloadID.of(link, entry: entry, wish.options),
            link: link,
            entry: entry,
            name: name ?? request.name ?? "Download from \(Failure.host(of: link))",
            category: request.category,
            priority: request.priority?.text,
            root: root,
            folder: wish.options.folder.map { "\(root)/\($0)" } ?? root,
            options: wish.options,
            hasCookies: wish.hasOwnCookies,
            phase: request.paused == true ? .paused : .queued,
            added: host.now
        )
    }

    private func keep(_ drafts: [Download], _ wish: Wish) async throws -> AddedDownload {
        var answers: [AddedDownload.Other] = []
        var existed = true
        for draft in drafts where !answers.contains(where: { $0.id == draft.id }) {
            let wasThere = try await downloads.add(draft, cookies: wish.hasOwnCookies ? wish.cookies : nil)
            if answers.isEmpty { existed = wasThere }
            answers.append(.init(id: draft.id, name: draft.name))
        }
        await downloads.startWaiting()
        var added = AddedDownload(id: answers[0].id, existed: existed)
        if answers.count > 1 { added.others = Array(answers.dropFirst()) }
        return added
    }

    private func describe(_ link: String, _ wish: Wish) async throws -> Description {
        let place = try await downloads.workplace()
        let invocation = downloads.invocation(place.cache)
        let cookies = try wish.cookies.map { content in
            let file = place.cookies(of: "look-\(UInt64.random(in: 0...UInt64.max))")
            try file.write(content)
            return file
        }
        defer { cookies?.remove() }
        let input = invocation.description(of: link, wish.options, cookies: cookies?.path)
        let launch = try tool.launch(input, in: place.data, home: place.data)
        return try await Extractor(turns: extractor, limit: Self.limit).describe(launch, link: link)
    }
}
