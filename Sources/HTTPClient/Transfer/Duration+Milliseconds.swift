extension Duration {
    /// Whole milliseconds, at least `minimum`, in the range that libcurl and `poll` take (about 24 days).
    func milliseconds(atLeast minimum: Int) -> Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        // Rounded up: who waits too short wakes up for nothing.
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(Int(max(seconds, -1) * 1000 + fraction), minimum)
    }
}
