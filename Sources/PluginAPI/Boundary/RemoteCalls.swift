import FoundationEssentials

/// Typed calls over a transport; the part that the proxies of all kinds share.
struct RemoteCalls: Sendable {
    let transport: any PluginTransport
    let deadlines: CallDeadlines

    /// Calls `method` and reads its result.
    ///
    /// - Throws: what the plugin answered, or `.badResponse` when its answer is not what the method promises.
    func call<Input: Encodable, Output: Decodable>(
        _ method: String,
        _ input: Input,
        as output: Output.Type = Output.self,
        file: Data? = nil,
        within deadline: Duration? = nil
    ) async throws(PluginError) -> Output {
        try await callWithFile(method, input, as: output, file: file, within: deadline).result
    }

    /// As `call`, for a method whose answer has an attachment.
    func callWithFile<Input: Encodable, Output: Decodable>(
        _ method: String,
        _ input: Input,
        as output: Output.Type = Output.self,
        file: Data? = nil,
        within deadline: Duration? = nil
    ) async throws(PluginError) -> (result: Output, file: Data?) {
        let answer = try await transport.call(
            method: method,
            json: try write(input, for: method),
            attachment: file,
            deadline: deadline ?? deadlines.other
        )
        do {
            return (try WireJSON.decode(Output.self, from: answer.json), answer.attachment)
        } catch {
            throw PluginError(.badResponse, "The plugin's answer to \(method) cannot be read: \(Self.fault(of: error))")
        }
    }

    func test() async throws(PluginError) -> ConnectionReport {
        try await call("provider.test", None(), within: deadlines.test)
    }

    func options(for source: String) async throws(PluginError) -> [SettingsField.Option] {
        try await call("provider.options", OptionsParameters(source: source), as: OptionsResult.self).options
    }

    private func write(_ input: some Encodable, for method: String) throws(PluginError) -> Data {
        do {
            return try WireJSON.encode(input)
        } catch {
            throw PluginError(.invalid, "The parameters of \(method) cannot be written as JSON.")
        }
    }

    private static func fault(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _):
            "\(key.stringValue) is missing."
        case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is not of type \(type)."
        default:
            "it is not the JSON object that the method promises."
        }
    }
}
