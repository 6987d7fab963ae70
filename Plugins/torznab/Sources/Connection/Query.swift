/// The parameters of a request, in order.
struct Query: Hashable, Sendable {
    private(set) var parameters: [Parameter] = []

    struct Parameter: Hashable, Sendable {
        let name: String
        let value: String
    }

    init(_ function: String) {
        self["t"] = function
    }

    /// The value of a parameter; `nil` takes it out.
    subscript(_ name: String) -> String? {
        get { parameters.first { $0.name == name }?.value }
        set {
            let place = parameters.firstIndex { $0.name == name }
            let parameter = newValue.map { Parameter(name: name, value: $0) }
            switch (place, parameter) {
            case (let place?, let parameter?): parameters[place] = parameter
            case (let place?, nil): parameters.remove(at: place)
            case (nil, let parameter?): parameters.append(parameter)
            case (nil, nil): break
            }
        }
    }

    /// As it stands behind the question mark of an address.
    var text: String {
        parameters.map { "\(Self.escape($0.name))=\(Self.escape($0.value))" }.joined(separator: "&")
    }

    /// Percent-encodes everything but the unreserved characters of RFC 3986, and the comma of lists.
    private static func escape(_ text: String) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                escaped.append(byte)
            } else {
                escaped += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static let hex = Array("0123456789ABCDEF".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~,".utf8.contains(byte)
        }
    }
}
