import FoundationEssentials
import Glibc
import Synchronization

/// Sends frames over a socket, from any thread, each as a whole.
package final class FrameWriter: Sendable {
    /// What to do when the other end does not read as fast as frames come.
    package enum Patience: Sendable {
        /// Wait for it.
        case waits
        /// Never wait: keep up to so many bytes for `flush`, and refuse more.
        case keeps(Int)
    }

    private struct State {
        var kept = Data()
        /// Bytes at the beginning of `kept` that are sent already.
        var sent = 0
        var isBroken = false
    }

    private let socket: Int32
    private let patience: Patience
    private let state = Mutex(State())

    /// A writer to `socket`, which stays the caller's to close.
    package init(_ socket: Int32, _ patience: Patience) {
        self.socket = socket
        self.patience = patience
    }

    /// Whether something waits for `flush`.
    package var hasKept: Bool { state.withLock { !$0.kept.isEmpty } }

    /// Whether the other end is gone, so that nothing can be sent any more.
    package var isBroken: Bool { state.withLock(\.isBroken) }

    /// Sends nothing more, and lets `send` fail.
    package func close() {
        state.withLock { state in
            state.isBroken = true
            state.kept = Data()
        }
    }

    /// Sends `frame`, or keeps it.
    ///
    /// - Returns: `false` when the other end is gone, does not read, or a part of the frame is too large.
    package func send(_ frame: Frame) -> Bool {
        guard let head = FrameHead.bytes(of: frame) else { return false }
        return state.withLock { state in
            guard !state.isBroken else { return false }
            let count = head.count + frame.json.count + (frame.attachment?.count ?? 0)
            if case .keeps(let most) = patience, !state.kept.isEmpty {
                guard state.kept.count - state.sent + count <= most else { return false }
                // What is sent already makes room once it is the larger part, so that each byte is moved once on average.
                if state.sent > state.kept.count / 2 {
                    state.kept = Data(state.kept.dropFirst(state.sent))
                    state.sent = 0
                }
                state.kept.append(contentsOf: head)
                state.kept.append(frame.json)
                if let attachment = frame.attachment { state.kept.append(attachment) }
                return true
            }
            return head.withUnsafeBytes { head in
                frame.json.withUnsafeBytes { json in
                    (frame.attachment ?? Data()).withUnsafeBytes { send([head, json, $0], &state) }
                }
            }
        }
    }

    /// Sends what was kept, as far as the other end takes it.
    package func flush() {
        state.withLock { state in
            while state.sent < state.kept.count, !state.isBroken {
                let count = state.kept.withUnsafeBytes { bytes in
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[state.sent...])
                    return Glibc.send(socket, rest.baseAddress, rest.count, Self.flags)
                }
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return }
                if count < 0 { state.isBroken = true } else { state.sent += count }
            }
            state.kept = Data()
            state.sent = 0
        }
    }

    private static let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)

    private func send(_ parts: [UnsafeRawBufferPointer], _ state: inout State) -> Bool {
        var rest = parts[...]
        while true {
            while let first = rest.first, first.isEmpty { rest.removeFirst() }
            guard !rest.isEmpty else { return true }
            let count = Self.sendOnce(rest, to: socket)
            if count < 0 {
                if errno == EINTR { continue }
                guard errno == EAGAIN else {
                    state.isBroken = true
                    return false
                }
                guard case .waits = patience else {
                    for part in rest { state.kept.append(contentsOf: part) }
                    return true
                }
                var watched = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
                poll(&watched, 1, -1)
                continue
            }
            Self.drop(count, from: &rest)
        }
    }

    private static func sendOnce(_ parts: ArraySlice<UnsafeRawBufferPointer>, to socket: Int32) -> Int {
        var vectors = parts.map {
            iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }
        return vectors.withUnsafeMutableBufferPointer { vectors in
            var message = msghdr()
            message.msg_iov = vectors.baseAddress
            message.msg_iovlen = vectors.count
            return sendmsg(socket, &message, flags)
        }
    }

    private static func drop(_ count: Int, from parts: inout ArraySlice<UnsafeRawBufferPointer>) {
        var left = count
        while left > 0, let first = parts.first {
            parts.removeFirst()
            if first.count > left {
                parts.insert(UnsafeRawBufferPointer(rebasing: first[left...]), at: parts.startIndex)
            }
            left -= min(left, first.count)
        }
    }
}
