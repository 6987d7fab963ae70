/// The command line or a setting is wrong; the program ends with exit code 2.
struct UsageError: Error, CustomStringConvertible {
    /// What is wrong and what to write instead.
    let message: String

    var description: String { message }

    init(_ message: String) {
        self.message = message
    }
}

/// The command failed; the program ends with exit code 1.
struct CommandFailure: Error, CustomStringConvertible {
    /// What went wrong and what to do.
    let message: String

    var description: String { message }

    init(_ message: String) {
        self.message = message
    }
}
