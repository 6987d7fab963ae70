import FoundationEssentials
import PluginAPI

/// An event as the fields of a form.
enum FormFields {
    static let contentType = "application/x-www-form-urlencoded"

    /// The body: `id`, `kind`, `time`, `title`, `message`, and each detail as `details.NAME`; a list of texts as that
    /// field several times, whatever is deeper as JSON.
    static func body(_ event: NotificationEvent) -> Data {
        var fields = [
            ("id", event.id), ("kind", event.kind.text), ("time", event.time), ("title", event.title),
            ("message", event.message),
        ]
        for (name, value) in event.details.sorted(by: { $0.key < $1.key }) {
            let texts =
                if let list = value.array, list.allSatisfy({ $0.string != nil }) { list.compactMap(\.string) } else {
                    [TemplateValue.text(value)]
                }
            fields += texts.map { ("details." + name, $0) }
        }
        let pairs = fields.map { $0.0.percentEncoded + "=" + $0.1.percentEncoded }
        return Data(pairs.joined(separator: "&").utf8)
    }
}
