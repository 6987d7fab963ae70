/// What is wrong with the places on disks, and with the server itself.
extension Problem.Finding {
    /// `nil` when nothing is.
    init?(disk name: String, _ finding: DiskHealth.Finding) {
        guard let problem = finding.problem else { return nil }
        self.init(
            source: .disk,
            subjectID: name,
            name: name,
            code: problem.code.rawValue,
            state: "failing",
            summary: problem.words,
            message: problem.words,
            action: Self.action(problem.code)
        )
    }

    private static func action(_ code: DiskHealth.Trouble.Code) -> String {
        switch code {
        case .databaseNotWritable: "Make room on the disk with the data folder, and see that it can be written."
        case .folderMissing: "Mount the disk, or make the folder again; `--library` says where the library is."
        case .folderNotWritable: "Let the server's user read and write the folder."
        case .nearlyFull: "Make some room on this disk."
        case .silent: "See that the disk is connected, or that the network mount can be reached."
        }
    }

    /// The system does not tell what changes in the plugin folders.
    static let foldersNotWatched = Problem.Finding(
        source: .server,
        subjectID: "plugin-folders",
        name: "Plugin folders",
        level: .warning,
        code: "folders_not_watched",
        state: "degraded",
        summary: "The plugin folders cannot be watched.",
        message: "The plugin folders cannot be watched: the system has no more watches for this user.",
        action: "Look into the folders by hand after each change, or raise fs.inotify.max_user_instances and "
            + "fs.inotify.max_user_watches and restart the server.",
        remedy: .rescanPlugins
    )
}
