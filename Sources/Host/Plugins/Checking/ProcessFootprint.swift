import Glibc
import PluginHosting

/// What a process holds that it should give back.
struct ProcessFootprint: Hashable, Sendable {
    var threads: Int
    var descriptors: Int
    /// Processes that it has started, also those that have got rid of their parent but stay in its group.
    var children: Int

    /// What the process holds now; `nil` when it has ended.
    init?(of process: Int32) {
        let folder = "/proc/\(process)"
        guard let threads = Self.count(folder + "/task"), let descriptors = Self.count(folder + "/fd") else {
            return nil
        }
        self.threads = threads
        self.descriptors = descriptors
        children = Self.children(of: process)
    }

    init(threads: Int, descriptors: Int, children: Int) {
        self.threads = threads
        self.descriptors = descriptors
        self.children = children
    }

    private static func count(_ folder: String) -> Int? {
        let names = Folder.names(in: folder)
        return names.isEmpty ? nil : names.count
    }

    private static func children(of process: Int32) -> Int {
        let leads = getpgid(process) == process
        return Folder.names(in: "/proc").lazy.compactMap { Int32($0) }.filter { other in
            guard other != process, let (parent, group) = family(of: other) else { return false }
            return parent == process || (leads && group == process)
        }.count
    }

    /// The parent and the group of a process.
    ///
    /// Source: proc(5), fields 4 and 5 of `stat`.
    private static func family(of process: Int32) -> (parent: Int32, group: Int32)? {
        guard let file = fopen("/proc/\(process)/stat", "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = fread(&bytes, 1, bytes.count, file)
        // The name before the fields is in parentheses and may hold anything, also parentheses.
        guard let end = bytes.prefix(count).lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = String(decoding: bytes[(end + 1)..<count], as: UTF8.self).split(separator: " ")
        guard fields.count > 2, fields[0] != "Z", let parent = Int32(fields[1]), let group = Int32(fields[2]) else {
            return nil
        }
        return (parent, group)
    }
}
