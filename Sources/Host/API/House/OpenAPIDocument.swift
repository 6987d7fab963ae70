import HTTPServer
import PluginAPI

/// `/openapi.json`: every route, from the same table that serves it.
enum OpenAPIDocument {
    static func register(in routes: inout RouteTable) {
        let document = RouteDocument("System", "This description of the API").answers(200)
        // The document names its own route too, so that one is added before the text is made.
        let entries =
            routes.entries + [
                .init(
                    method: .get,
                    pattern: "/openapi.json",
                    role: .anonymous,
                    document: document,
                    isGuarded: false
                )
            ]
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
        let parameters = parameters(entry)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = document.body {
            var content: [String: JSONValue] = ["application/json": ["schema": reference(body)]]
            for type in document.otherBodies { content[type] = ["schema": ["type": "object"]] }
            operation["requestBody"] = ["required": .bool(!document.isBodyOptional), "content": .object(content)]
        }
        if entry.role > .anonymous {
            operation["security"] = [["key": []], ["bearer": []], ["session": []]]
            operation["x-role"] = .string(entry.role.rawValue)
        }
        return .object(operation)
    }

    private static func parameters(_ entry: RouteTable.Entry) -> [JSONValue] {
        let inPath = entry.pattern.split(separator: "/").filter { $0.hasPrefix(":") }.map { name -> JSONValue in
            ["name": .string(String(name.dropFirst())), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let inQuery = entry.document.query.map { parameter -> JSONValue in
            [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.text),
                "schema": ["type": .string(parameter.type)],
            ]
        }
        return inPath + inQuery
    }

    private static func responses(_ entry: RouteTable.Entry) -> [String: JSONValue] {
        let document = entry.document
        var responses: [String: JSONValue] = [:]
        for status in [document.success.status] + document.otherSuccesses {
            var success: [String: JSONValue] = ["description": .string(HTTPStatus(status).reason)]
            if let schema = document.success.schema {
                success["content"] = .object([document.mediaType: ["schema": reference(schema)]])
            } else if status != 204 {
                success["content"] = .object([document.mediaType: [:]])
            }
            responses[String(status)] = .object(success)
        }
        for status in failures(entry) {
            var response: [String: JSONValue] = ["description": .string(HTTPStatus(status).reason)]
            if status >= 400 { response["content"] = ["application/json": ["schema": reference("Error")]] }
            responses[String(status)] = .object(response)
        }
        return responses
    }

    private static func failures(_ entry: RouteTable.Entry) -> [Int] {
        var failures = entry.document.failures
        // A path with a bad escape, a value in the query that makes no sense.
        if entry.pattern.contains(":") || !entry.document.query.isEmpty { failures.append(400) }
        if entry.document.body != nil { failures += [400, 413, 415] }
        if entry.isGuarded { failures += [401, 429] }
        if entry.role > .anonymous { failures.append(403) }
        return failures
    }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(schema)")]
    }
}
