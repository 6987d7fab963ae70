import FoundationEssentials
import PluginAPI

/// The way back into a client, for downloads that it has lost, failed, or never confirmed.
extension DownloadQueue {
    /// Gives a download to its client again: by the client's own retry, else from what it was made of.
    func resubmit(_ id: String) {
        guard needsSubmission[id] != nil, resubmitting.insert(id).inserted else { return }
        Task {
            do {
                try await self.tryToResubmit(id)
                self.resubmitted(id)
            } catch {
                await self.resubmissionFailed(id, PluginError(wrapping: error))
            }
        }
    }

    private func tryToResubmit(_ id: String) async throws {
        guard let item = wanted(id) else { return }
        if let downloadID = item.downloadID {
            let client = try await registry.downloadClient(item.clientID)
            if try await client.item(downloadID) != nil {
                do {
                    return try await client.retry(downloadID)
                } catch let error as PluginError where error.code == .unsupported {
                    guard var item = wanted(id) else { return }
                    // From here on the client need not have it: that is written before it is true.
                    item.downloadID = nil
                    await commitAndStore(item)
                    try await client.remove(downloadID, deletingData: false)
                }
            }
        }
        guard let item = wanted(id) else { return }
        let source = try store.downloadSource(of: id)
        let answer = try await submit(item, link: try link(of: id) ?? "", file: source?.file, try wishes(of: id))
        try await take(answer, for: id, of: item)
    }

    /// The item, unless somebody has removed or ignored it since.
    private func wanted(_ id: String) -> QueueItem? {
        items[id].flatMap { $0.tracked.state == .downloading ? $0 : nil }
    }

    private func take(_ answer: AddedDownload, for id: String, of asked: QueueItem) async throws {
        guard let item = items[id] else {
            // It was removed here while the client was asked: it has to go there too.
            let key = DownloadKey(clientID: asked.clientID, downloadID: answer.id)
            return await startRemoval(of: key, deletesData: true)
        }
        _ = try await adopt(answer.others ?? [], beside: item)
        let outcome = try await confirm(item, answer)
        if outcome.existed {
            // Somebody has added the same meanwhile; one item is enough.
            forget([id])
        } else if let item = items[id] {
            _ = commit(item, at: clock.now)
        }
    }

    private func resubmitted(_ id: String) {
        resubmitting.remove(id)
        needsSubmission[id] = nil
        if let item = items[id] { pollSoon(item.clientID) }
    }

    private func resubmissionFailed(_ id: String, _ error: PluginError) async {
        resubmitting.remove(id)
        guard var item = items[id] else { return }
        let now = clock.now
        var actions: [TrackedDownload.Action] = []
        if error.isTransient {
            needsSubmission[id]?.recordFailure(error, now: now)
            item.clientProblem = "\(item.clientName) has not taken the download yet: \(error.message)"
        } else {
            needsSubmission[id] = nil
            let isRetryable = !(error.code == .invalid || error.code == .unsupported)
            actions = item.tracked.submissionFailed(
                "\(item.clientName) does not take the download: \(error.message)",
                isRetryable: isRetryable,
                at: now
            )
            logger.warning("\(item.title) cannot be added again: \(error.message)", ["item": .string(id)])
        }
        await commitAndStore(item, actions)
        await perform(actions, on: id)
    }

    /// Gives a client what it has not taken yet; called when it has just answered.
    func submitWaiting(at clientID: String) {
        let now = clock.now
        for (id, pending) in needsSubmission where pending.nextAttempt <= now && items[id]?.clientID == clientID {
            resubmit(id)
        }
    }
}

/// When a client that has not taken a download may be given it again.
///
/// A client that answers polls and still does not take it climbs the ladder of one that cannot be reached.
struct PendingSubmission: Sendable {
    private var failures = 0
    private(set) var nextAttempt = Date.distantPast

    mutating func recordFailure(_ error: PluginError, now: Date) {
        // The first failure costs nothing: the next poll that succeeds tries again.
        let step = min(failures, InstanceHealth.highestUnreachableStep)
        failures += 1
        nextAttempt = now.addingTimeInterval(max(InstanceHealth.ladder[step] * 60, Double(error.retryDelay ?? 0)))
    }
}

extension PluginError {
    /// Whether the client may have done what it was asked for, although nobody has heard so.
    var leavesDoubt: Bool {
        code == .interrupted || code == .timeout || code == .deadlineExceeded || code == .cancelled
            || code == .pluginCrashed
    }

    /// Whether the failure says nothing about the download itself.
    var isTransient: Bool {
        leavesDoubt || code == .unreachable || code == .rateLimited || code == .remoteFailure || code == .unauthorized
            || code == .forbidden
    }
}
