extension QueueAPI {
    static let listDocument = RouteDocument("Queue", "The download queue, a page at a time").query(
        .init("page", "integer", "counts from 1"),
        .init("limit", "integer", "items on a page, 1 to 100, 20 by default"),
        .init("status", "string", "downloading, queued, completed, failed, warning or paused"),
        .init("movieId", "string", "only downloads for this movie"),
        .init("seriesId", "string", "only downloads for this series"),
        .init("includeImported", "boolean", "also what is imported or ignored")
    ).answers(200, "QueuePage")

    static let addDocument = RouteDocument(
        "Queue",
        "Download a magnet, an address, a .torrent, an NZB, or a release that a search has found"
    ).body("AddToQueue", or: "multipart/form-data").answers(201, "QueueItem").or(200).fails(404, 409, 422, 502, 504)

    static let inspectDocument = RouteDocument("Queue", "Look what an address holds, without downloading it")
        .body("InspectAddress").answers(200, "InspectedAddress").fails(422, 502, 504)

    static let cleanupDocument = RouteDocument("Queue", "Remove imported and failed items").optionalBody("Cleanup")
        .answers(200, "CleanupResult")

    static let removeDocument = RouteDocument("Queue", "Remove an item").query(
        .init("removeFromClient", "boolean", "also from the download client; true by default"),
        .init("blocklist", "boolean", "never download this release again; false by default"),
        .init("deleteFiles", "boolean", "delete the client's data; by default that of an unfinished download")
    ).answers(204).fails(404)
}
