/// How a program is started.
struct Launch: Sendable {
    /// A full path.
    let program: String
    /// Without the name of the program itself.
    var arguments: [String] = []
    /// What it reads from its standard input.
    ///
    /// Options with secrets go in here, for everybody on the machine can see arguments.
    var input = ""
    /// `NAME=value`, and nothing else is in its environment.
    var environment: [String]
    /// Where it is started.
    var folder: String
    /// After this it is ended.
    var limit: Duration?
}
