import PluginAPI

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

    /// As it stands behind the question mark of an address, with the commas of lists as they are.
    var text: String {
        parameters.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded(keeping: ","))" }.joined(separator: "&")
    }
}
