import Glibc

extension LocalFileSystem {
    func copy(_ source: String, to target: String, progress: (Int64) -> Bool) throws(FileError) {
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard input >= 0 else { throw FileError(operation: "open", path: source, code: errno) }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard output >= 0 else { throw FileError(operation: "create", path: target, code: errno) }
        do throws(FileError) {
            try copyBytes(from: input, source, to: output, target, progress: progress)
            guard fsync(output) == 0 else { throw FileError(operation: "write", path: target, code: errno) }
        } catch {
            close(output)
            throw error
        }
        // Network file systems report a full disk as late as here.
        guard close(output) == 0 else { throw FileError(operation: "write", path: target, code: errno) }
    }

    private func copyBytes(
        from input: CInt,
        _ source: String,
        to output: CInt,
        _ target: String,
        progress: (Int64) -> Bool
    ) throws(FileError) {
        var total: Int64 = 0
        var step = Step.inKernel
        while true {
            let copied = step.run(input, output)
            if copied > 0 {
                total += Int64(copied)
                guard progress(total) else { throw FileError(operation: "copy", path: target, code: ECANCELED) }
            } else if copied == 0, step.isBuffered {
                return
            } else if copied == 0 || [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, EBADF, EIO].contains(errno),
                !step.isBuffered
            {
                // Some file systems answer 0 or refuse though there is more to read: the plain way decides.
                step = .buffered([UInt8](repeating: 0, count: 1 << 20))
            } else if errno != EINTR {
                throw FileError(operation: "copy \(source) to", path: target, code: errno)
            }
        }
    }
}

/// One way to move the next bytes from one descriptor to another; each answers as `read(2)` does.
private enum Step {
    case inKernel
    case buffered([UInt8])

    var isBuffered: Bool {
        if case .buffered = self { true } else { false }
    }

    mutating func run(_ input: CInt, _ output: CInt) -> Int {
        guard case .buffered(var buffer) = self else {
            return LinuxCalls.copyRange(from: input, to: output, count: LocalFileSystem.copyStep)
        }
        self = .inKernel  // Gives the buffer up, so that it is not duplicated on its first change.
        defer { self = .buffered(buffer) }
        return buffer.withUnsafeMutableBytes { Self.move($0, input, output) }
    }

    private static func move(_ buffer: UnsafeMutableRawBufferPointer, _ input: CInt, _ output: CInt) -> Int {
        let got = read(input, buffer.baseAddress, buffer.count)
        guard got > 0 else { return got }
        var written = 0
        while written < got {
            let count = write(output, buffer.baseAddress.map { $0 + written }, got - written)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return -1 }
            written += count
        }
        return got
    }
}
