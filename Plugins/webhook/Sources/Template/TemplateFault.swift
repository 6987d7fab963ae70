/// What is wrong with a template, in words.
struct TemplateFault: Error, Hashable, Sendable {
    let message: String

    init(_ message: String) { self.message = message }
}
