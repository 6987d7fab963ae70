import FoundationEssentials

/// The wire names. A name that was released once keeps its meaning for ever; see docs/plugin-authors.md.
extension MethodTable {
    static let provider: [String: Method] = [
        "provider.test": method({ $0.provider }) { (provider, _: None, _) in try await provider.test() },
        "provider.options": method({ $0.provider }) { (provider, input: OptionsParameters, _) in
            OptionsResult(options: try await provider.options(for: input.source))
        },
    ]

    static let download: [String: Method] = [
        "download.add": method({ $0.download }) { (client, input: AddDownload, file) in
            try await client.add(input, file: file)
        },
        "download.changes": method({ $0.download }) { (client, input: ChangesParameters, _) in
            try await client.changes(since: input.cursor)
        },
        "download.item": method({ $0.download }) { (client, input: IDParameters, _) in
            ItemResult(item: try await client.item(input.id))
        },
        "download.files": method({ $0.download }) { (client, input: IDParameters, _) in
            FilesResult(files: try await client.files(of: input.id))
        },
        "download.remove": method({ $0.download }) { (client, input: RemoveParameters, _) in
            try await client.remove(input.id, deletingData: input.deletingData)
            return None()
        },
        "download.pause": method({ $0.download }) { (client, input: IDParameters, _) in
            try await client.pause(input.id)
            return None()
        },
        "download.resume": method({ $0.download }) { (client, input: IDParameters, _) in
            try await client.resume(input.id)
            return None()
        },
        "download.pauseAll": method({ $0.download }) { (client, _: None, _) in
            try await client.pauseAll()
            return None()
        },
        "download.resumeAll": method({ $0.download }) { (client, _: None, _) in
            try await client.resumeAll()
            return None()
        },
        "download.retry": method({ $0.download }) { (client, input: IDParameters, _) in
            try await client.retry(input.id)
            return None()
        },
        "download.prioritize": method({ $0.download }) { (client, input: Prioritization, _) in
            try await client.prioritize(input)
            return None()
        },
        "download.availability": method({ $0.download }) { (client, input: AvailabilityParameters, _) in
            try await client.availability(of: input.fileIndex, in: input.id)
        },
        "download.inspect": method({ $0.download }) { (client, input: SourceInspection, _) in
            try await client.inspect(input)
        },
    ]

    static let indexer: [String: Method] = [
        "indexer.capabilities": method({ $0.indexer }) { (indexer, _: None, _) in try await indexer.capabilities() },
        "indexer.search": method({ $0.indexer }) { (indexer, input: ReleaseQuery, _) in
            ReleasesResult(releases: try await indexer.search(input))
        },
        "indexer.fetch": { backend, json, _ in
            guard let indexer = backend.indexer else { throw PluginError(.unsupported, "The plugin is no indexer.") }
            let input = try WireJSON.decodeParameters(LinkParameters.self, from: json)
            let content = try await indexer.fetch(input.link)
            return (try WireJSON.encode(content), content.file)
        },
    ]

    static let metadata: [String: Method] = [
        "metadata.search": method({ $0.metadata }) { (provider, input: MetadataQuery, _) in
            TitlesResult(titles: try await provider.search(input))
        },
        "metadata.movie": method({ $0.metadata }) { (provider, input: IDParameters, _) in
            try await provider.movie(input.id)
        },
        "metadata.series": method({ $0.metadata }) { (provider, input: IDParameters, _) in
            try await provider.series(input.id)
        },
        "metadata.season": method({ $0.metadata }) { (provider, input: SeasonParameters, _) in
            try await provider.season(input.number, of: input.seriesID)
        },
        "metadata.find": method({ $0.metadata }) { (provider, input: FindParameters, _) in
            TitlesResult(titles: try await provider.find(source: input.source, id: input.id))
        },
        "metadata.images": method({ $0.metadata }) { (provider, input: ImagesParameters, _) in
            ImagesResult(images: try await provider.images(for: input.id, kind: input.kind))
        },
    ]

    static let notifier: [String: Method] = [
        "notifier.supportedEvents": method({ $0.notifier }) { (notifier, _: None, _) in
            EventsResult(events: try await notifier.supportedEvents())
        },
        "notifier.notify": method({ $0.notifier }) { (notifier, input: NotificationEvent, _) in
            try await notifier.notify(input)
            return None()
        },
    ]
}
