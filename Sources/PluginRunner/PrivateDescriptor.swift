import Glibc

/// Descriptors of the runner itself, out of the way of the plugin and of the programs that it starts.
///
/// A plugin that closes or uses a descriptor which is not its own has a small number in its hand.
enum PrivateDescriptor {
    /// The lowest number that is given out, below the limit of `RunnerLimits`.
    private static let least: Int32 = 512

    /// Moves `descriptor` to a high number.
    ///
    /// - Returns: the number that it has from now on; the same when there is no other.
    static func hide(_ descriptor: Int32) -> Int32 {
        let hidden = fcntl(descriptor, F_DUPFD_CLOEXEC, least)
        guard hidden >= 0 else {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return descriptor
        }
        close(descriptor)
        return hidden
    }
}
