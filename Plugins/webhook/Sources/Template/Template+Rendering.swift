import PluginAPI

extension Template {
    /// Fills the holes with the values of `event`.
    ///
    /// - Throws: `TemplateFault` when the text would become too large.
    func render(_ event: NotificationEvent, escaping: Escaping) throws(TemplateFault) -> String {
        var rendering = Rendering(names: TemplateValue.names(of: event), escaping: escaping)
        try rendering.write(nodes)
        return rendering.text
    }

    private struct Rendering {
        private static let longest = 1 << 20
        /// Nodes that are gone through, so that repetitions in each other end.
        private static let mostSteps = 100_000

        var names: [String: JSONValue]
        let escaping: Escaping
        private(set) var text = ""
        private var steps = 0

        init(names: [String: JSONValue], escaping: Escaping) {
            self.names = names
            self.escaping = escaping
        }

        mutating func write(_ nodes: [Node]) throws(TemplateFault) {
            for node in nodes {
                steps += 1
                guard steps <= Self.mostSteps, text.utf8.count <= Self.longest else {
                    throw TemplateFault("With this event the template becomes larger than 1 MiB.")
                }
                switch node {
                case .text(let words): text += words
                case .value(let expression): text += written(expression)
                case .choice(let path, let then, let otherwise):
                    try write(TemplateValue.isTrue(value(at: path)) ? then : otherwise)
                case .each(let path, let body, let otherwise): try repeated(value(at: path), body, otherwise)
                }
            }
        }

        /// `this` is the element, `more` whether others come after it.
        private mutating func repeated(_ value: JSONValue?, _ body: [Node], _ otherwise: [Node]) throws(TemplateFault) {
            let elements = value?.array ?? []
            guard !elements.isEmpty else { return try write(otherwise) }
            let outer = (names["this"], names["more"])
            for (index, element) in elements.enumerated() {
                names["this"] = element
                names["more"] = .bool(index < elements.count - 1)
                try write(body)
            }
            (names["this"], names["more"]) = outer
        }

        private func value(at path: [String]) -> JSONValue? {
            var value: JSONValue? = .object(names)
            for part in path {
                if let elements = value?.array, let index = Int(part) {
                    value = elements.indices.contains(index) ? elements[index] : nil
                } else {
                    value = value?[part]
                }
            }
            return value
        }

        private func written(_ expression: TemplateExpression) -> String {
            var value: JSONValue? =
                switch expression.source {
                case .path(let path): value(at: path)
                case .literal(let text): .string(text)
                }
            var isFinished = false
            for filter in expression.filters {
                switch filter {
                case .upper: value = .string(TemplateValue.text(value).uppercased())
                case .lower: value = .string(TemplateValue.text(value).lowercased())
                case .size: value = value?.integer.map { .string(ByteCount.words($0)) } ?? value
                case .limit(let count): value = .string(TemplateValue.text(value).shortened(to: count))
                case .fallback(let text): if TemplateValue.text(value).isEmpty { value = .string(text) }
                case .join(let mark):
                    value =
                        value?.array.map { .string($0.map { TemplateValue.text($0) }.joined(separator: mark)) } ?? value
                case .url: value = .string(TemplateValue.text(value).percentEncoded)
                case .json:
                    value = .string(TemplateValue.json(value))
                    isFinished = true
                }
            }
            let text = TemplateValue.text(value)
            // JSON stands in a JSON template as it is; anywhere else it is a text like any other.
            return isFinished && escaping == .json ? text : escaping.apply(to: text)
        }
    }
}
