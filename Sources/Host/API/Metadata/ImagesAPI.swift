import HTTPServer

/// The pictures of titles, from this server's own disk.
struct ImagesAPI: Sendable {
    let pictures: PictureCache

    func register(in routes: inout RouteTable) {
        routes.suspending(
            .get,
            "/api/images/:id",
            .user,
            RouteDocument("Metadata", "A picture; fetched from its provider when it is wanted for the first time")
                .answers(200, as: "image/*").fails(206, 304, 404, 412, 416, 502, 507),
            show
        )
    }

    private func show(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let id = request.parameters["id"]
        guard id.utf8.count == 32, id.allSatisfy(\.isHexDigit) else { throw PictureFailure.unknown }
        let found = try await pictures.picture(id)
        return .file(
            FileBody(.open(found.file), contentType: found.content.type, etag: "\"\(found.content.hash.prefix(32))\""),
            headers: ["Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"]
        )
    }
}
