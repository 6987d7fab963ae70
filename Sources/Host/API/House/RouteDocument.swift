import HTTPServer
import PluginAPI

/// What the OpenAPI document says of a route.
struct RouteDocument: Sendable {
    struct Parameter: Sendable {
        let name: String
        let type: String
        let text: String

        init(_ name: String, _ type: String = "string", _ text: String) {
            self.name = name
            self.type = type
            self.text = text
        }
    }

    /// The heading under which the route stands.
    let group: String
    let summary: String
    var query: [Parameter] = []
    /// The name of the schema of the JSON body.
    var body: String?
    /// Other media types of the body.
    var otherBodies: [String] = []
    var isBodyOptional = false
    /// What the route answers with when it succeeds: status, and the name of the schema or `nil`.
    var success: (status: Int, schema: String?) = (200, nil)
    /// Other statuses of a success, with the same schema.
    var otherSuccesses: [Int] = []
    /// The media type of the success.
    var mediaType = "application/json"
    /// Statuses with which it refuses, apart from those that follow from its role, its path and its body.
    var failures: [Int] = []

    init(_ group: String, _ summary: String) {
        self.group = group
        self.summary = summary
    }

    func query(_ parameters: Parameter...) -> Self { with { $0.query = parameters } }
    func body(_ schema: String, or others: String...) -> Self {
        with {
            $0.body = schema
            $0.otherBodies = others
        }
    }
    func optionalBody(_ schema: String) -> Self {
        with {
            $0.body = schema
            $0.isBodyOptional = true
        }
    }
    func answers(_ status: Int, _ schema: String? = nil, as mediaType: String = "application/json") -> Self {
        with {
            $0.success = (status, schema)
            $0.mediaType = mediaType
        }
    }
    func or(_ status: Int) -> Self { with { $0.otherSuccesses.append(status) } }
    func fails(_ statuses: Int...) -> Self { with { $0.failures = statuses } }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
