import Glibc
import PluginAPI

import struct FoundationEssentials.Data

/// Looks at everything that a download needs.
struct ConnectionTest: Sendable {
    let tool: Tool
    let settings: YtDlpSettings
    let host: any HostServices

    /// - Throws: never for what the user can mend, which is a failed check.
    func run() async throws -> ConnectionReport {
        var report = ConnectionReport()
        do {
            let version = try await tool.version()
            report.version = version.text
            report.checks.append(.init("program", ok: true))
            if version.age(at: host.now) > ProgramVersion.mostDays {
                let words = "yt-dlp \(version.text) is \(version.age(at: host.now)) days old, and sites change often. "
                report.warnings.append(.init("outdated", words + Tool.updateHint, field: "path"))
            }
        } catch let error as PluginError {
            report.checks.append(.init("program", ok: false, field: error.field, message: error.message))
        }
        checkFFmpeg(&report)
        await checkFolder(&report)
        return report
    }

    private func checkFFmpeg(_ report: inout ConnectionReport) {
        if tool.ffmpeg() != nil {
            report.checks.append(.init("ffmpeg", ok: true))
        } else if !settings.ffmpegPath.isEmpty {
            let words = "There is no ffmpeg that the server may run at \(settings.ffmpegPath)."
            report.checks.append(.init("ffmpeg", ok: false, field: "ffmpegPath", message: words))
        } else {
            let words = "ffmpeg is not there, so picture and sound cannot be merged and nothing can be converted. "
            report.warnings.append(.init("no_ffmpeg", words + "Install it.", field: "ffmpegPath"))
        }
    }

    private func checkFolder(_ report: inout ConnectionReport) async {
        do {
            let folder = try await DownloadAdder.root(settings, host)
            report.savePath = folder
            try PrivateFile.makeFolder(folder, mode: 0o777)
            let trial = folder + "/.kinodock-trial-\(getpid())"
            try PrivateFile.write(Data(), to: trial)
            PrivateFile.remove(trial)
            report.checks.append(.init("folder", ok: true, field: "downloadFolder"))
        } catch {
            let words = Downloads.words(error)
            report.checks.append(.init("folder", ok: false, field: "downloadFolder", message: words))
        }
    }
}
