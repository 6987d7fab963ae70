/// Where the C functions of one plugin run; shared by all its instances.
final class PluginThreads: Sendable {
    let calls = CallThreads(limit: 8)
    /// Apart from the calls, because a cancel is what makes calls return that block.
    let cancels = CallThreads(limit: 2)
    let callersThread = CallersThread()
}
