import PluginAPI

/// Answers of catalogues as the API shows them: ids with their catalogue, pictures as this server has them.
extension MetadataCatalog.Answered {
    fileprivate func write(_ writer: inout JSONWriter, _ body: (inout JSONWriter) -> Void) {
        writer.object { writer in
            body(&writer)
            writer.key("provider")
            writer.object { writer in
                writer.member("id", provider.id)
                writer.member("name", provider.name)
                writer.member("implementation", provider.implementation)
            }
            writer.key("problems")
            writer.array(problems) { writer, problem in
                writer.object { writer in
                    writer.member("provider", problem.provider)
                    writer.member("code", problem.error.code.text)
                    writer.member("message", problem.error.message)
                }
            }
        }
    }

    fileprivate func json(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(reserving: 4096)
        write(&writer, body)
        return writer.bytes
    }
}

extension MetadataCatalog.Answered<[MetadataTitle]> {
    var titlesJSON: [UInt8] {
        json { writer in
            writer.key("results")
            writer.array(value) { writer, title in
                writer.object { title.writeSummary(to: &$0, provider.implementation) }
            }
        }
    }
}

extension MetadataCatalog.Answered<MetadataTitle> {
    var titleJSON: [UInt8] {
        json { writer in
            value.writeSummary(to: &writer, provider.implementation)
            value.writeDetails(to: &writer)
        }
    }
}

extension MetadataCatalog.Answered<MetadataSeason> {
    /// - Parameter series: the id by which the season was asked for.
    func seasonJSON(_ series: MetadataID) -> [UInt8] {
        json { writer in
            writer.member("seriesId", series.text)
            writer.member("number", value.number)
            writer.member("name", value.name)
            writer.member("overview", value.overview)
            writer.key("episodes")
            writer.array(value.episodes) { writer, episode in
                writer.object { writer in
                    writer.member("number", episode.number)
                    writer.member("title", episode.title)
                    writer.member("overview", episode.overview)
                    writer.member("aired", episode.aired)
                    writer.member("runtime", episode.runtime)
                    writer.member("imageUrl", episode.image.map { PictureID.path + PictureID($0).text })
                }
            }
        }
    }
}

extension MetadataCatalog.Answered<[MetadataImage]> {
    var imagesJSON: [UInt8] {
        json { writer in
            writer.key("images")
            writer.array(value) { $1.write(to: &$0) }
        }
    }
}
