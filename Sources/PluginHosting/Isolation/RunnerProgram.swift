/// How runners are started.
package struct RunnerProgram: Sendable {
    /// The file `kinodock-runner`.
    package let path: String
    /// The whole environment of a runner, as `NAME=value`.
    ///
    /// Nothing of the server's own is in it: no keys, no addresses, no folders.
    package let environment: [String]

    private static let usualPath = "/usr/local/bin:/usr/bin:/bin"

    /// - Parameter environment: of the server; of it a runner gets the time zone, and where programs and libraries are.
    package init(path: String, environment: [String: String]) {
        self.path = path
        var own = ["LANG=C.UTF-8", "HOME=/", "SWIFT_BACKTRACE=enable=no"]
        for (name, usual) in [("PATH", Self.usualPath), ("TZ", ""), ("LD_LIBRARY_PATH", "")] {
            let value = environment[name].flatMap { $0.isEmpty ? nil : $0 } ?? usual
            if !value.isEmpty { own.append("\(name)=\(value)") }
        }
        self.environment = own
    }
}
