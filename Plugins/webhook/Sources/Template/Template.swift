import PluginAPI

/// A text with holes for the values of an event.
///
/// `{{name}}` is a value, `{{#if name}}…{{else}}…{{/if}}` a choice and `{{#each name}}…{{/each}}` a repetition; nothing
/// in it is run. The plugin's README describes all of it.
struct Template: Hashable, Sendable {
    indirect enum Node: Hashable, Sendable {
        case text(String)
        case value(TemplateExpression)
        case choice([String], then: [Node], otherwise: [Node])
        case each([String], body: [Node], otherwise: [Node])
    }

    private static let deepest = 8

    let nodes: [Node]

    /// - Throws: `TemplateFault` with what is wrong and where.
    init(_ text: String) throws(TemplateFault) {
        var reader = Reader(text: text[...])
        nodes = try reader.nodes(until: nil, depth: 0).nodes
    }

    private struct Reader {
        private enum Tag {
            case value(TemplateExpression)
            case open(kind: String, path: [String])
            case otherwise
            case close(String)
        }

        var text: Substring
        private var line = 1

        init(text: Substring) { self.text = text }

        /// Reads up to the end of the block `block`, or of the template.
        mutating func nodes(until block: String?, depth: Int) throws(TemplateFault) -> (nodes: [Node], endsInElse: Bool)
        {
            guard depth <= Template.deepest else { throw fault("Blocks stand in each other too deeply.") }
            var nodes: [Node] = []
            while let tag = try next(&nodes) {
                switch tag {
                case .value(let expression): nodes.append(.value(expression))
                case .open(let kind, let path): nodes.append(try self.block(kind, path, depth))
                case .otherwise:
                    guard block != nil else { throw fault("{{else}} stands outside of a block.") }
                    return (nodes, true)
                case .close(let kind):
                    guard kind == block else { throw fault("{{/\(kind)}} closes nothing that is open.") }
                    return (nodes, false)
                }
            }
            guard block == nil else { throw fault("{{/\(block ?? "")}} is missing.") }
            return (nodes, false)
        }

        private mutating func block(_ kind: String, _ path: [String], _ depth: Int) throws(TemplateFault) -> Node {
            let first = try nodes(until: kind, depth: depth + 1)
            var rest: [Node] = []
            if first.endsInElse {
                let second = try nodes(until: kind, depth: depth + 1)
                guard !second.endsInElse else { throw fault("A block has one {{else}} at most.") }
                rest = second.nodes
            }
            return kind == "if"
                ? .choice(path, then: first.nodes, otherwise: rest) : .each(path, body: first.nodes, otherwise: rest)
        }

        /// Reads the text before the next tag, and the tag.
        private mutating func next(_ nodes: inout [Node]) throws(TemplateFault) -> Tag? {
            guard let open = text.firstRange(of: "{{") else {
                if !text.isEmpty { nodes.append(.text(String(text))) }
                text = ""
                return nil
            }
            let before = text[..<open.lowerBound]
            if !before.isEmpty { nodes.append(.text(String(before))) }
            line += before.count { $0.isNewline }
            let rest = text[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else { throw fault("{{ without }}.") }
            text = rest[close.upperBound...]
            let tag = rest[..<close.lowerBound]
            return try read(tag)
        }

        private func read(_ tag: Substring) throws(TemplateFault) -> Tag {
            do throws(TemplateFault) {
                let words = tag.split(whereSeparator: \.isWhitespace).map(String.init)
                switch words.first {
                case "#if", "#each":
                    guard words.count == 2 else { throw TemplateFault("\(words[0]) needs one name.") }
                    return .open(kind: String(words[0].dropFirst()), path: try TemplateExpression.path(words[1]))
                case "else" where words.count == 1: return .otherwise
                case "/if" where words.count == 1, "/each" where words.count == 1:
                    return .close(String(words[0].dropFirst()))
                case let word? where word.hasPrefix("#") || word.hasPrefix("/"):
                    throw TemplateFault("There is no block \(word); there are #if and #each.")
                default: return .value(try TemplateExpression(tag))
                }
            } catch {
                throw fault(error.message)
            }
        }

        private func fault(_ words: String) -> TemplateFault { TemplateFault("Line \(line): \(words)") }
    }
}
