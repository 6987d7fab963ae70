import PluginAPI

/// The answer to the test of an instance.
extension ConnectionVerdict {
    var json: [UInt8] {
        JSONWriter.object(reserving: 2048) { writer in
            writer.member("success", isSuccess)
            if let failure {
                writer.member("error", failure.message)
                writer.member("code", failure.code)
            } else {
                writeSuccess(to: &writer)
            }
            writeChecks(to: &writer)
            writeWarnings(to: &writer)
        }
    }

    private func writeSuccess(to writer: inout JSONWriter) {
        writer.member("message", "Connection successful")
        writer.member("version", report.version)
        writer.member("apiVersion", report.apiVersion)
        guard kind == .downloadClient else { return }
        writer.member("savePath", report.savePath)
        writer.member("localPath", folder?.localPath)
        writer.member("pathVisible", folder?.isVisible ?? false)
        writer.member("pathWritable", folder?.isWritable ?? false)
        writer.member("hardlinkPossible", folder?.canHardlink ?? false)
        writer.member("categories", (report.categories ?? [:]).keys.sorted())
    }

    private func writeChecks(to writer: inout JSONWriter) {
        writer.key("checks")
        writer.array(checks) { writer, check in
            writer.object { writer in
                writer.member("name", check.name)
                writer.member("ok", check.ok)
                writer.member("field", check.field)
                writer.member("message", check.message)
            }
        }
    }

    private func writeWarnings(to writer: inout JSONWriter) {
        writer.key("warnings")
        writer.array(warnings) { writer, warning in
            writer.object { writer in
                writer.member("code", warning.code)
                writer.member("message", warning.message)
                writer.member("field", warning.field)
            }
        }
    }
}
