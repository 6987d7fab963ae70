import PluginAPI

/// A title of a catalogue as the API shows it.
extension MetadataTitle {
    /// What a list shows.
    ///
    /// - Parameter source: the catalogue whose id this is.
    func writeSummary(to writer: inout JSONWriter, _ source: String) {
        writer.member("id", MetadataID(source: source, id: id).text)
        writer.member("type", kind.text)
        writer.member("title", title)
        writer.member("originalTitle", originalTitle)
        writer.member("originalLanguage", originalLanguage)
        writer.member("year", year)
        writer.member("overview", overview)
        writer.member("rating", rating)
        writer.member("votes", votes)
        writer.member("popularity", popularity)
        writer.member("externalIds", texts: externalIDs)
        writer.member("posterUrl", picture(.poster))
        writer.member("backdropUrl", picture(.backdrop))
    }

    /// What only the view of one title shows.
    func writeDetails(to writer: inout JSONWriter) {
        writer.member("tagline", tagline)
        writer.member("runtime", runtime)
        writer.member("genres", genres)
        writer.member("status", status)
        writer.member("studio", studio)
        writer.member("networks", networks ?? [])
        writer.member("website", website)
        writer.member("trailer", trailer)
        writer.member("certification", certification)
        writer.member("certifications", texts: certifications ?? [:])
        writer.member("releaseDates", texts: releaseDates)
        writer.key("regionalReleaseDates")
        writer.object { writer in
            for (country, dates) in (regionalReleaseDates ?? [:]).sorted(by: { $0.key < $1.key }) {
                writer.key(country)
                writer.write(texts: dates)
            }
        }
        writer.member("alternativeTitles", alternativeTitles)
        writeCollection(to: &writer)
        writer.key("seasons")
        writer.array(seasons ?? []) { $0.value($1) }
        writeCredits(to: &writer)
        writer.key("images")
        writer.array(images) { $1.write(to: &$0) }
    }

    private func writeCollection(to writer: inout JSONWriter) {
        writer.key("collection")
        guard let collection else { return writer.null() }
        writer.object { writer in
            writer.member("id", collection.id)
            writer.member("name", collection.name)
        }
    }

    private func writeCredits(to writer: inout JSONWriter) {
        writer.key("credits")
        writer.array(credits ?? []) { writer, credit in
            writer.object { writer in
                writer.member("name", credit.name)
                writer.member("role", credit.role.text)
                writer.member("character", credit.character)
                writer.member("imageUrl", credit.image.map { PictureID.path + PictureID($0).text })
            }
        }
    }
}

extension MetadataImage {
    /// The picture with the address at which this server shows it, and the one that it comes from.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", kind.text)
            writer.member("url", PictureID.path + PictureID(url).text)
            writer.member("sourceUrl", url)
            writer.member("language", language)
            writer.member("width", width)
            writer.member("height", height)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: StaticString, texts: [String: String]) {
        key(literal: name)
        write(texts: texts)
    }

    fileprivate mutating func write(texts: [String: String]) {
        object { writer in
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                writer.value(text)
            }
        }
    }
}
