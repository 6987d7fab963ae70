import PluginAPI

/// Transmission's own settings, as far as the plugin looks at them.
struct Session: Sendable, Decodable {
    var version: String?
    var rpcVersion: Int?
    var downloadFolder: String?
    var incompleteFolder: String?
    var usesIncompleteFolder = false
    var marksPartialFiles = false
    var startsAdded = true
    var queues = false
    var queueSize: Int?
    var limitsDown = false
    var downLimit: Int?
    var isSlow = false
    var slowLimit: Int?
    var cacheMegabytes: Int?

    private enum CodingKeys: String, CodingKey {
        case version
        case rpcVersion = "rpc-version"
        case downloadFolder = "download-dir"
        case incompleteFolder = "incomplete-dir"
        case usesIncompleteFolder = "incomplete-dir-enabled"
        case marksPartialFiles = "rename-partial-files"
        case startsAdded = "start-added-torrents"
        case queues = "download-queue-enabled"
        case queueSize = "download-queue-size"
        case limitsDown = "speed-limit-down-enabled"
        case downLimit = "speed-limit-down"
        case isSlow = "alt-speed-enabled"
        case slowLimit = "alt-speed-down"
        case cacheMegabytes = "cache-size-mb"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        version = values.value(.version)
        rpcVersion = values.value(.rpcVersion)
        downloadFolder = values.value(.downloadFolder)
        incompleteFolder = values.value(.incompleteFolder)
        usesIncompleteFolder = values.value(.usesIncompleteFolder) ?? false
        marksPartialFiles = values.value(.marksPartialFiles) ?? false
        startsAdded = values.value(.startsAdded) ?? true
        queues = values.value(.queues) ?? false
        queueSize = values.value(.queueSize)
        limitsDown = values.value(.limitsDown) ?? false
        downLimit = values.value(.downLimit)
        isSlow = values.value(.isSlow) ?? false
        slowLimit = values.value(.slowLimit)
        cacheMegabytes = values.value(.cacheMegabytes)
    }

    /// From 3.00 on.
    var hasLabels: Bool { (rpcVersion ?? 0) >= 16 }
    /// From 4.1 on.
    var hasSequentialDownload: Bool { (rpcVersion ?? 0) >= 18 }
}

extension RPC {
    func session() async throws -> Session {
        try await call("session-get", as: Session.self, doing: "read the settings")
    }

    /// Bytes that are free in a folder.
    ///
    /// - Throws: `PluginError` with Transmission's words when it cannot use the folder.
    func freeSpace(in folder: String) async throws -> Int64 {
        struct Space: Decodable {
            var bytes: Int64

            enum CodingKeys: String, CodingKey { case bytes = "size-bytes" }
        }
        return try await call("free-space", ["path": .string(folder)], as: Space.self, doing: "look into \(folder)")
            .bytes
    }
}
