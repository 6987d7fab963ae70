import FoundationEssentials
import Glibc
import PluginAPI

/// Looks whether the client could download: its folders, and the port for peers.
struct ClientTest: Sendable {
    /// Bytes below which a film may not fit.
    private static let littleSpace: Int64 = 10 << 30
    /// Bytes below which nothing fits.
    private static let noSpace: Int64 = 100 << 20

    let settings: LibTorrentSettings
    let host: any HostServices

    func run() async -> ConnectionReport {
        var report = ConnectionReport(version: Session.version)
        report.checks.append(versionCheck())
        do {
            let folders = try await host.folders()
            let places = try DownloadPlaces(nil, settings: settings, folders: folders)
            report.savePath = places.final
            report.checks += folderChecks("download folder", places.final, field: "savePath", &report.warnings)
            if let waiting = places.incomplete {
                report.checks += folderChecks(
                    "folder for unfinished",
                    waiting,
                    field: "incompletePath",
                    &report.warnings
                )
                report.warnings += diskWarning(waiting, places.final)
            }
        } catch {
            let words = (error as? PluginError)?.message ?? "The folders cannot be used."
            report.checks.append(.init("download folder", ok: false, field: "savePath", message: words))
        }
        PortCheck(settings: settings).run(&report)
        report.warnings += settingsWarnings
        return report
    }

    private func versionCheck() -> ConnectionReport.Check {
        let version = Session.version
        guard version.hasPrefix("2.0.") else {
            return .init("engine", ok: false, message: "libtorrent \(version) is loaded, but 2.0 is needed.")
        }
        return .init("engine", ok: true, message: "libtorrent \(version)")
    }

    private func folderChecks(
        _ name: String,
        _ path: String,
        field: String,
        _ warnings: inout [ConnectionReport.Warning]
    ) -> [ConnectionReport.Check] {
        do {
            try DownloadPlaces.make(path)
            try write(into: path)
        } catch {
            let words = (error as? PluginError)?.message ?? "\(path) cannot be used."
            return [.init(name, ok: false, field: field, message: words)]
        }
        guard let free = Self.freeSpace(path) else { return [.init(name, ok: true, field: field, message: path)] }
        let words = "\(free >> 20) MiB are free in \(path)."
        if free >= Self.noSpace, free < Self.littleSpace {
            warnings.append(.init("little_space", "\(words) Films may not fit.", field: field))
        }
        let advice = free < Self.noSpace ? "\(words) Make room, or choose another disk." : words
        return [
            .init(name, ok: true, field: field, message: path),
            .init("free space", ok: free >= Self.noSpace, field: field, message: advice),
        ]
    }

    private func write(into path: String) throws {
        let file = "\(path)/.kinodock-test-\(getpid())"
        let descriptor = open(file, O_CREAT | O_WRONLY | O_CLOEXEC | O_TRUNC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw PluginError(
                .invalid,
                "Nothing can be written into \(path): \(reason). Let Kinodock's user write there, or make room."
            )
        }
        close(descriptor)
        unlink(file)
    }

    private static func freeSpace(_ path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    private func diskWarning(_ one: String, _ other: String) -> [ConnectionReport.Warning] {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0, first.st_dev != second.st_dev else { return [] }
        return [
            .init(
                "other_disk",
                "The folder for unfinished downloads is on another disk: each download is copied when it is complete.",
                field: "incompletePath"
            )
        ]
    }

    private var settingsWarnings: [ConnectionReport.Warning] {
        guard !settings.dht, !settings.peerExchange, !settings.localDiscovery else { return [] }
        return [
            .init("trackers_only", "Magnets without a tracker find nobody while DHT is off.", field: "dht")
        ]
    }
}
