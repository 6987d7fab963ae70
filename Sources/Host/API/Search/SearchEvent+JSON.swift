import PluginAPI

extension SearchReport {
    /// The answer to a search that is not streamed.
    var json: [UInt8] {
        JSONWriter.object(reserving: 1024 + releases.count * 700) { writer in
            writer.key(literal: "results")
            writer.array(releases) { $1.write(to: &$0) }
            members(&writer)
        }
    }

    /// What there is to say beside the releases.
    fileprivate func members(_ writer: inout JSONWriter) {
        writer.member("totalResults", releases.count)
        writer.member("truncated", isTruncated)
        writer.member("complete", isComplete)
        writer.member("durationMs", milliseconds)
        writer.key(literal: "indexers")
        writer.array(outcomes) { $1.write(to: &$0) }
    }
}

extension SearchEvent {
    /// As a server-sent event.
    var text: [UInt8] {
        switch self {
        case .began(let indexers):
            Self.event("searchStarted") { writer in
                writer.key(literal: "indexers")
                writer.array(indexers) { writer, indexer in
                    writer.object { writer in
                        writer.member("id", indexer.id)
                        writer.member("name", indexer.name)
                    }
                }
            }
        case .answered(let outcome, let new):
            Self.event("indexerAnswered") { writer in
                writer.key(literal: "indexer")
                outcome.write(to: &writer)
                writer.key(literal: "results")
                writer.array(new) { $1.write(to: &$0) }
            }
        case .ended(let report):
            Self.event("searchEnded") { report.members(&$0) }
        }
    }

    private static func event(_ name: String, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + JSONWriter.object(body) + Array("\n\n".utf8)
    }
}

extension IndexerOutcome {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("name", name)
            writer.member("status", status.rawValue)
            writer.member("results", count)
            writer.member("durationMs", milliseconds)
            writer.member("code", code)
            writer.member("message", message)
            writer.member("retryAfter", retryAfter)
        }
    }
}

extension FoundRelease {
    /// Never the link and the indexer's own name for it, which may hold keys.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("title", release.title)
            writer.member("protocol", release.downloadProtocol.text)
            writer.member("indexer", sources.first?.indexerName)
            writer.member("indexerId", sources.first?.indexerID)
            writer.member("alsoAt", sources.dropFirst().map(\.indexerName))
            writer.member("quality", quality.name)
            writer.member("qualityScore", score)
            writer.member("size", release.size)
            writer.member("seeders", release.seeders)
            writer.member("leechers", release.leechers)
            writer.member("grabs", release.grabs)
            writer.member("files", release.files)
            writer.member("published", release.published)
            writer.key(literal: "categories")
            writer.array(release.categories) { $0.value($1) }
            writer.member("infoHash", release.infoHash)
            writer.member("infoUrl", release.infoURL)
            writer.member("imdbId", release.imdbID)
            writer.member("tmdbId", release.tmdbID)
            writer.member("tvdbId", release.tvdbID)
            writeTerms(to: &writer)
        }
    }

    private func writeTerms(to writer: inout JSONWriter) {
        writer.member("downloadVolumeFactor", release.downloadVolumeFactor)
        writer.member("uploadVolumeFactor", release.uploadVolumeFactor)
        writer.member("minimumRatio", release.minimumRatio)
        writer.member("minimumSeedTime", release.minimumSeedTime)
        let attributes = (release.attributes ?? [:]).mapValues { JSONValue.array($0.map(JSONValue.string)) }
        writer.member("attributes", json: .object(attributes))
    }
}
