/// Numbers in the text format of Prometheus (version 0.0.4).
struct MetricsText {
    private(set) var text = ""

    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        gauge(name, help, [([:], value)])
    }

    mutating func gauge(_ name: String, _ help: String, _ values: [(labels: [String: String], value: Double)]) {
        add(name, help, "gauge", values)
    }

    mutating func counter(_ name: String, _ help: String, _ values: [(labels: [String: String], value: Double)]) {
        add(name, help, "counter", values)
    }

    private mutating func add(
        _ name: String,
        _ help: String,
        _ type: String,
        _ values: [(labels: [String: String], value: Double)]
    ) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in values {
            let list = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escape($0.value))\"" }
            let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
            text += "\(name)\(list.isEmpty ? "" : "{\(list.joined(separator: ","))}") \(number)\n"
        }
    }

    private static func escape(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
