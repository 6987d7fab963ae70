import Glibc

/// What a file must be like before any of it is used.
///
/// In-process code has all rights of the server, so only files that its owner or root could have put there are taken.
enum FileRules {
    static func check(_ candidate: PluginCandidate) throws(PluginRefusal) {
        let path = candidate.path
        guard let resolved = Folder.resolve(path), let status = PluginFileStatus(path) else {
            throw PluginRefusal(.failed, .notAFile, "\(path) is a link to nothing; put the plugin's file there.")
        }
        try checkStaysInside(candidate, resolved)
        guard status.isRegularFile else {
            throw PluginRefusal(.failed, .notAFile, "\(path) is not a regular file; put the plugin's library there.")
        }
        try checkOwner(path, status)
        try checkRights(path, status, fix: "chmod o-w \(path)")
        if let folder = PluginFileStatus(candidate.folder) {
            try checkOwner(candidate.folder, folder)
            try checkRights(candidate.folder, folder, fix: "chmod o-w \(candidate.folder)")
        }
        guard access(path, R_OK) == 0 else {
            let reason = "\(path) cannot be read (\(SystemError.text(errno))); let the server's user read it."
            throw PluginRefusal(.failed, .unreadable, reason)
        }
    }

    private static func checkStaysInside(_ candidate: PluginCandidate, _ resolved: String) throws(PluginRefusal) {
        var folder = Folder.resolve(candidate.folder) ?? candidate.folder
        if candidate.hasOwnFolder {
            // A folder that is itself a link would otherwise take its target for its own.
            let parent = String(candidate.folder.dropLast(candidate.id.utf8.count + 1))
            folder = (Folder.resolve(parent) ?? parent) + "/" + candidate.id
        }
        guard resolved.hasPrefix(folder + "/") else {
            let reason =
                "\(candidate.path) leads to \(resolved), outside of \(folder); copy the file instead of a link."
            throw PluginRefusal(.failed, .leavesFolder, reason)
        }
    }

    private static func checkOwner(_ path: String, _ status: PluginFileStatus) throws(PluginRefusal) {
        let user = geteuid()
        guard status.owner != user, status.owner != 0 else { return }
        let reason =
            "\(path) belongs to user \(status.owner), but the server runs as user \(user) and takes only files of its "
            + "own or of root; change the owner with: chown \(user) \(path)"
        throw PluginRefusal(.failed, .foreignOwner, reason)
    }

    private static func checkRights(_ path: String, _ status: PluginFileStatus, fix: String) throws(PluginRefusal) {
        guard status.isWorldWritable else { return }
        let mode = String(status.mode & 0o7777, radix: 8)
        let reason = "\(path) can be changed by every user (mode \(mode)), so it is not trusted; run: \(fix)"
        throw PluginRefusal(.failed, .worldWritable, reason)
    }
}

/// Errors of the system in words.
enum SystemError {
    static func text(_ code: Int32) -> String {
        // `strerror_r` has two forms; the portable way to a thread-safe text is a buffer of our own.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }
}
