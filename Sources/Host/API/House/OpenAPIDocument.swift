import HTTPServer
import PluginAPI

/// `/openapi.json`: every route, from the same table that serves it.
enum OpenAPIDocument {
    static func register(in routes: inout RouteTable) {
        let document = RouteDocument("System", "This description of the API").answers(200)
        // The document names its own route too, so that one is added before the text is made.
        let entries =
            routes.entries + [.init(method: .get, pattern: "/openapi.json", role: .anonymous, document: document)]
        let prepared = PreparedResponse(
            headers: ["Content-Type": "application/json", "Cache-Control": "no-cache"],
            bytes: Array(JSONWriter.text(describe(entries)).utf8)
        )
        routes.open(.get, "/openapi.json", document) { _ in .prepared(prepared) }
    }

    static func describe(_ entries: [RouteTable.Entry]) -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for entry in entries {
            paths[path(entry.pattern), default: [:]][entry.method.rawValue.lowercased()] = operation(entry)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Kinodock", "version": .string(KinodockVersion.text),
                "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths.mapValues(JSONValue.object)),
            "components": [
                "schemas": .object(OpenAPISchemas.all),
                "securitySchemes": [
                    "key": ["type": "apiKey", "in": "header", "name": "x-api-key"],
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "session": ["type": "apiKey", "in": "cookie", "name": .string(Session.cookie)],
                ],
            ],
        ]
    }

    private static func path(_ pattern: String) -> String {
        pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(separator: "/")
    }

    private static func operation(_ entry: RouteTable.Entry) -> JSONValue {
        let document = entry.document
        var operation: [String: JSONValue] = [
            "summary": .string(document.summary), "tags": [.string(document.group)],
            "operationId": .string(
                entry.method.rawValue.lowercased() + entry.pattern.map { $0.isLetter ? String($0) : "_" }.joined()
            ),
            "responses": .object(responses(entry)),
        ]
        let parameters =
            entry.pattern.split(separator: "/").filter { $0.hasPrefix(":") }.map { name -> JSONValue in
                [
                    "name": .string(String(name.dropFirst())), "in": "path", "required": true,
                    "schema": ["type": "string"],
                ]
            }
            + document.query.map { parameter -> JSONValue in
                [
                    "name": .string(parameter.name), "in": "query", "description": .string(parameter.text),
                    "schema": ["type": .string(parameter.type)],
                ]
            }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = document.body {
            var content: [String: JSONValue] = ["application/json": ["schema": reference(body)]]
            for type in document.otherBodies { content[type] = ["schema": ["type": "object"]] }
            operation["requestBody"] = ["content": .object(content)]
        }
        if entry.role > .anonymous {
            operation["security"] = [["key": []], ["bearer": []], ["session": []]]
            operation["x-role"] = .string(entry.role.rawValue)
        }
        return .object(operation)
    }

    private static func responses(_ entry: RouteTable.Entry) -> [String: JSONValue] {
        let document = entry.document
        var success: [String: JSONValue] = ["description": .string(HTTPStatus(document.success.status).reason)]
        if let schema = document.success.schema {
            success["content"] = .object([document.mediaType: ["schema": reference(schema)]])
        } else if document.success.status != 204 {
            success["content"] = .object([document.mediaType: [:]])
        }
        var responses = [String(document.success.status): JSONValue.object(success)]
        let access = entry.role > .anonymous ? [401, 403, 429] : [401, 429]
        for status in document.failures + access {
            var response: [String: JSONValue] = ["description": .string(HTTPStatus(status).reason)]
            if status >= 400 { response["content"] = ["application/json": ["schema": reference("Error")]] }
            responses[String(status)] = .object(response)
        }
        return responses
    }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(schema)")]
    }
}
