import Glibc

/// Nanoseconds of the clock that never jumps.
package enum MonotonicTime {
    /// The time since the machine was started.
    package static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The time that is `duration` away, at most a century.
    package static func after(_ duration: Duration) -> UInt64 {
        let seconds = min(max(duration.components.seconds, 0), 100 * 365 * 86_400)
        let rest = max(duration.components.attoseconds / 1_000_000_000, 0)
        return now + UInt64(seconds) * 1_000_000_000 + UInt64(rest)
    }
}
