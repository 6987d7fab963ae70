/// Who is told what a runner does.
package struct RunnerListener: Sendable {
    /// Where a line came from.
    package enum Stream: String, Sendable {
        case output = "stdout"
        case errors = "stderr"
    }

    /// A line that the plugin has printed; called on the session's thread, which must not be held up.
    let line: @Sendable (_ stream: Stream, _ text: String) -> Void
    /// The process is gone; called once, before the open calls are answered.
    let ended: @Sendable (RunnerEnd) -> Void

    /// A listener; what is left out is not told.
    package init(
        line: @escaping @Sendable (_ stream: Stream, _ text: String) -> Void = { _, _ in },
        ended: @escaping @Sendable (RunnerEnd) -> Void = { _ in }
    ) {
        self.line = line
        self.ended = ended
    }
}
