import Glibc

/// Cuts what a runner writes to standard output or standard error into lines.
struct RunnerOutput {
    /// The longest line in bytes; a longer one is cut into several.
    static let longestLine = 16 << 10

    private let descriptor: Int32
    private var line: [UInt8] = []
    private var gate = FloodGate()
    private(set) var isOpen = true

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Reads once, without waiting, and gives the lines that are complete to `take`.
    ///
    /// - Returns: whether something came.
    mutating func read(_ take: (String) -> Void) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else {
                if count == 0 || errno != EAGAIN && errno != EINTR { isOpen = false }
                return false
            }
            for byte in buffer[..<count] {
                if byte != UInt8(ascii: "\n") { line.append(byte) }
                if byte == UInt8(ascii: "\n") || line.count == Self.longestLine { finish(take) }
            }
            return true
        }
    }

    /// Gives what has come since the last end of a line.
    mutating func finish(_ take: (String) -> Void) {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return }
        let gate = gate.passes(at: MonotonicTime.now)
        if gate.leftOut > 0 { take("(\(gate.leftOut) lines were left out here)") }
        if gate.isOpen { take(String(decoding: line, as: UTF8.self)) }
    }
}
