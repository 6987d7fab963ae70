import FoundationEssentials
import HTTPServer

/// What anybody may know of how the server does: names, and no paths, addresses or messages of backends.
extension SystemAPI {
    func showHealth(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let (problems, disks) = await health.current()
        let open = problems.filter { !$0.isDismissed && $0.finding.level == .error }
        return .json(
            JSONWriter.object { writer in
                writer.member("status", open.isEmpty ? "ok" : "degraded")
                writer.member("version", KinodockVersion.text)
                writer.member("uptimeSeconds", Int(clock.now.timeIntervalSince(started)))
                writer.member("problems", open.map(\.finding.summary))
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
}
