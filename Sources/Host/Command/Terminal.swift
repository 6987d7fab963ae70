import Glibc

/// Standard output and standard error of a command.
enum Terminal {
    static func print(_ text: String) { write(text, to: 1) }

    /// Writes `text` as what went wrong.
    static func error(_ text: String) { write("kinodock: " + text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array((text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// The running program.
enum Executable {
    /// Its absolute path.
    static var path: String {
        guard let resolved = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
