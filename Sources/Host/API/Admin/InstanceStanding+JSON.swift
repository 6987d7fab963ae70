/// The `status` of an instance.
extension InstanceStanding {
    func writeStatus(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("health", word)
            writer.member("code", code)
            writer.member("message", message)
            writer.member("since", health.since)
            writer.member("lastSuccess", health.lastSuccess)
            writer.member("consecutiveFailures", health.failures)
            writer.member("nextAttempt", health.nextAttempt)
        }
    }
}
