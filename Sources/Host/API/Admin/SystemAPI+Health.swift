import FoundationEssentials
import HTTPServer
import PluginAPI
import PluginHosting

/// What anybody may know of how the server does: names, and no paths, addresses or messages of backends.
extension SystemAPI {
    func health(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let disks = await disks.findings()
        let problems = pluginProblems + (await instanceProblems()) + disks.compactMap(\.finding.problem)
        return .json(
            JSONWriter.object { writer in
                writer.member("status", problems.isEmpty ? "ok" : "degraded")
                writer.member("version", KinodockVersion.text)
                writer.member("uptimeSeconds", Int(clock.now.timeIntervalSince(started)))
                writer.member("problems", problems)
                writer.key("disks")
                writer.array(disks) { writer, disk in
                    writer.object { writer in
                        writer.member("name", disk.name)
                        writer.member("freeBytes", disk.finding.freeBytes)
                    }
                }
            }
        )
    }

    func ready(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        guard readiness.isReady else {
            throw HTTPError(
                .serviceUnavailable,
                code: "NOT_READY",
                "The server is starting or stopping; try again soon.",
                headers: ["Retry-After": "2"]
            )
        }
        return .json(JSONWriter.object { $0.member("ready", true) })
    }

    private var pluginProblems: [String] {
        plugins.entries.filter { ![.active, .disabled, .superseded].contains($0.state) }
            .map { "The plugin \($0.id) is \($0.state.rawValue)." }
    }

    private func instanceProblems() async -> [String] {
        var problems: [String] = []
        for kind in PluginManifest.Kind.allCases {
            let word = kind.rawValue.replacing("_", with: " ")
            for instance in await registry.instances(of: kind) where instance.isEnabled {
                if plugins.manifest(of: instance.implementation) == nil {
                    problems.append("The \(word) \(instance.name) has no usable plugin.")
                } else if instance.health.message != nil {
                    problems.append("The \(word) \(instance.name) does not work.")
                }
            }
        }
        return problems
    }
}
