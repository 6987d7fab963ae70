import Glibc

/// The memory that holds the code of a loaded library.
///
/// Loading reads the whole of a library, and what was read counts as memory of this process from then on, although most of it
/// is not needed for long. It is as in the file, so it can be given back and is read again where it is needed.
enum CodePages {
    /// Gives back the code of the library that was loaded from `path`.
    ///
    /// The loader must not have written into the code: that would be lost.
    static func release(_ path: String) {
        guard let inode = PluginFileStatus(path)?.inode else { return }
        for range in ranges(of: inode) {
            madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
        }
    }

    /// Where code of the file `inode` is, as far as it can be executed and not be written.
    ///
    /// What the loader has finished and protected against writing is not among that: it differs from the file.
    private static func ranges(of inode: UInt) -> [Range<UInt>] {
        guard let file = fopen("/proc/self/maps", "re") else { return [] }
        defer { fclose(file) }
        var found: [Range<UInt>] = []
        var line = [CChar](repeating: 0, count: 8192)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            if let range = range(String(decoding: text, as: UTF8.self), of: inode) { found.append(range) }
        }
        return found
    }

    /// - Parameter line: of proc(5): address range, rights, offset, device, inode, path.
    private static func range(_ line: String, of inode: UInt) -> Range<UInt>? {
        let words = line.split(separator: " ", maxSplits: 5)
        guard words.count == 6, words[1] == "r-xp", UInt(words[4]) == inode else { return nil }
        let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
}
