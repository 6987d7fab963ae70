/// How runners are started.
package struct RunnerProgram: Sendable {
    /// The file `kinodock-runner`.
    package let path: String
    /// The whole environment of a runner, as `NAME=value`.
    ///
    /// Nothing of the server's own is in it: no keys, no addresses, no folders.
    package let environment: [String]

    /// - Parameter environment: of the server; of it a runner gets the time zone and where libraries are.
    package init(path: String, environment: [String: String]) {
        self.path = path
        var own = ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/", "SWIFT_BACKTRACE=enable=no"]
        for name in ["TZ", "LD_LIBRARY_PATH"] {
            if let value = environment[name], !value.isEmpty { own.append("\(name)=\(value)") }
        }
        self.environment = own
    }
}
