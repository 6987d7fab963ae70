import struct FoundationEssentials.Data

extension RecordedHost {
    /// A request that a test expects, and what the host answers to it.
    public struct Step: Sendable {
        /// Answers a request.
        public typealias Answer = @Sendable (ServiceRequest) async throws -> ServiceResponse

        /// What a failure message calls the step.
        public var name: String
        /// In capitals.
        public var method: String
        /// With a query, the whole must be equal; without one, any query fits.
        public var path: String
        /// Whether a request that fits otherwise is the expected one.
        public var accepts: @Sendable (ServiceRequest) -> Bool
        /// What the host does with the request.
        public var answer: Answer

        /// A step whose answer is computed.
        public init(
            _ method: String,
            _ path: String,
            name: String? = nil,
            accepts: @escaping @Sendable (ServiceRequest) -> Bool = { _ in true },
            answer: @escaping Answer
        ) {
            self.name = name ?? "\(method) \(path)"
            self.method = method
            self.path = path
            self.accepts = accepts
            self.answer = answer
        }

        /// A step with a fixed answer.
        public init(_ method: String, _ path: String, status: Int = 200, text: String = "") {
            let response = ServiceResponse(status: status, body: Data(text.utf8))
            self.init(method, path) { _ in response }
        }

        /// A step at which the host has no answer, for example because nobody listens.
        public init(_ method: String, _ path: String, failing error: PluginError) {
            self.init(method, path) { _ in throw error }
        }

        /// A step with a recorded answer.
        ///
        /// - Parameter checkingForm: whether the request must carry every form field of the recording.
        public init(_ exchange: RecordedExchanges.Exchange, checkingForm: Bool = false) throws {
            let response = try exchange.response.serviceResponse()
            let fields = checkingForm ? exchange.request.formFields : [:]
            self.init(
                exchange.request.method,
                exchange.request.path,
                name: exchange.name,
                accepts: { request in fields.allSatisfy { request.formFields[$0.key] == $0.value } },
                answer: { _ in response }
            )
        }

        func fits(_ request: ServiceRequest) -> Bool {
            guard request.method == method else { return false }
            let target = request.target
            let expected = path.contains("?") ? target : String(target.prefix { $0 != "?" })
            return expected == path && accepts(request)
        }
    }
}

extension RecordedExchanges.Exchange.Request {
    /// The form fields of the body; empty when it is something else.
    public var formFields: [String: String] {
        guard let members = body?.object, members["multipart"] == nil else { return [:] }
        return members.compactMapValues(\.string)
    }
}
