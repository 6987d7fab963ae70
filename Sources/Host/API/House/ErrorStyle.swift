import HTTPServer

/// How a dialect writes its errors.
struct ErrorStyle: Sendable {
    /// The paths that it holds for.
    let pathPrefix: String
    let render: @Sendable (HTTPError, HTTPRequest) -> HTTPResponse

    /// The house style: `{"success":false,"error":"...","code":"...","details":{...}}`.
    static let house = ErrorStyle(pathPrefix: "/") { error, request in
        let json = JSONWriter.object { writer in
            writer.member("success", false)
            writer.member("error", error.message)
            writer.member("code", error.code)
            guard !error.fields.isEmpty else { return }
            writer.key("details")
            writer.object { writer in
                writer.key("fields")
                writer.array(error.fields) { writer, field in
                    writer.object { writer in
                        writer.member("field", field.field)
                        writer.member("message", field.message)
                    }
                }
            }
        }
        return response(error, json, request)
    }

    static func response(_ error: HTTPError, _ json: [UInt8], _ request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse.json(json, status: error.status)
        response.headers.add("x-correlation-id", request.id)
        return response
    }
}
