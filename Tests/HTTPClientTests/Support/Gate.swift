import Glibc

/// Holds a server's thread until a test lets it go on.
final class Gate: Sendable {
    private let ends: [CInt]

    init() {
        var ends: [CInt] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe for the gate")
        self.ends = ends
    }

    deinit {
        for end in ends { close(end) }
    }

    /// Blocks until the gate is open.
    func pass() {
        var byte: UInt8 = 0
        _ = read(ends[0], &byte, 1)
    }

    func open() {
        _ = write(ends[1], "x", 1)
    }
}
