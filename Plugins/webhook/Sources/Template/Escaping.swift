import FoundationEssentials
import PluginAPI

/// How values are written into a text so that they stay values, whatever stands in them.
enum Escaping: Sendable {
    case json, form, xml, none

    /// The one that a media type asks for.
    init(contentType: String) {
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        self =
            switch type {
            case _ where type == "application/json" || type.hasSuffix("+json"): .json
            case FormFields.contentType: .form
            case _ where type.hasSuffix("/xml") || type.hasSuffix("+xml") || type == "text/html": .xml
            default: .none
            }
    }

    /// For JSON, what stands between the quotes of a text.
    func apply(to text: String) -> String {
        switch self {
        case .none: text
        case .json: Self.json(text)
        case .form: text.percentEncoded
        case .xml: Self.xml(text)
        }
    }

    private static func json(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func xml(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // XML 1.0 has no way to write these.
            case _ where scalar.value < 0x20 && !["\n", "\r", "\t"].contains(scalar): continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
