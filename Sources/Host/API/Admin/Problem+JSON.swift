import Cryptography
import PluginAPI

/// A problem as administrators see it.
extension Problem {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("source", finding.source.rawValue)
            writer.member("subjectId", finding.subjectID)
            writer.member("name", finding.name)
            writer.member("level", finding.level.rawValue)
            writer.member("code", finding.code)
            writer.member("state", finding.state)
            writer.member("summary", finding.summary)
            writer.member("message", finding.message)
            writer.member("action", finding.action)
            writer.key("request")
            if let request = finding.remedy?.request {
                writer.object { writer in
                    writer.member("label", request.label)
                    writer.member("method", "POST")
                    writer.member("path", request.path)
                }
            } else {
                writer.null()
            }
            writer.member("since", since)
            writer.member("dismissed", isDismissed)
        }
    }

    var json: [UInt8] {
        var writer = JSONWriter(reserving: 512)
        write(to: &writer)
        return writer.bytes
    }
}

extension Problem.Remedy {
    /// The request that carries it out, and a word for a button.
    fileprivate var request: (label: String, path: String) {
        switch self {
        case .testInstance(let kind, let id): ("Test", kind.apiPath + "/" + Self.escaped(id) + "/test")
        case .enablePlugin(let id): ("Enable", "/api/plugins/" + Self.escaped(id) + "/enable")
        case .retryPlugin(let id): ("Try again", "/api/plugins/" + Self.escaped(id) + "/retry")
        case .rescanPlugins: ("Look again", "/api/plugins/rescan")
        }
    }

    /// A part of a path: the id of a plugin that cannot be read is the name of its file.
    private static func escaped(_ id: String) -> String {
        var text = ""
        for byte in id.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                text.append(Character(Unicode.Scalar(byte)))
            default: text += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return text
    }
}
