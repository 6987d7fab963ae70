import Glibc

/// Wakes one thread that waits for a time to pass or for files to report something.
package final class WakeUp: Sendable {
    private let reader: Int32
    private let writer: Int32

    /// Nobody waits yet.
    package init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// Ends the wait that is going on, or the next one.
    package func signal() {
        var byte: UInt8 = 1
        // A full pipe wakes the thread as well.
        write(writer, &byte, 1)
    }

    /// Can be read after `signal`, for a thread that waits for several descriptors by itself.
    var descriptor: Int32 { reader }

    /// Takes back what `signal` has done so far.
    func clear() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            _ = read(reader, buffer.baseAddress, buffer.count)
        }
    }

    /// Waits until `signal`, until `other` can be read, or until the time has passed; not longer than an hour.
    ///
    /// The time is that of the monotonic clock.
    package func wait(milliseconds: UInt64, orReadable other: Int32 = -1) {
        var watched = [
            pollfd(fd: reader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&watched, 2, Int32(min(milliseconds, 3_600_000))) > 0 else { return }
        clear()
    }
}
