import CCurl

/// What the engine's thread does: the only code that touches the multi handle and easy handles.
final class TransferLoop {
    /// A handle costs about 6 KiB; more than this many are only made for a burst.
    private static let idleHandleLimit = 32

    private let engine: TransferEngine
    private let multi: UnsafeMutableRawPointer
    /// Every transfer that libcurl knows, by the identity of its sink, which the transfer itself keeps alive.
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var idleHandles: [UnsafeMutableRawPointer] = []
    private var commands: [TransferEngine.Command] = []
    /// Not later than the first deadline of a transfer; may be earlier, when that transfer has ended since.
    private var nextDeadline: ContinuousClock.Instant?
    /// Since when there has been nothing to do.
    private var idleSince: ContinuousClock.Instant?

    init(engine: TransferEngine, multi: UnsafeMutableRawPointer) {
        self.engine = engine
        self.multi = multi
    }

    /// Works until the engine says that it is over, then frees everything.
    func run() {
        setLimits()
        while engine.collect(into: &commands, mayEnd: mayEnd) == .work {
            perform()
            if drive() {
                expire()
                if wait() { continue }
            }
            // Without poll or memory nothing can go on. When nobody asks for more, the thread ends and may start anew.
            failAll(.outOfResources)
            idleSince = .now - engine.configuration.idleLifetime
        }
        end()
    }

    private func setLimits() {
        let configuration = engine.configuration
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maxConnectionsPerHost)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.maxTotalConnections)
        // By default the number of connections that are kept follows the number of requests at the same time, and a
        // client that asks several servers in turn would connect anew each time.
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maxTotalConnections)
    }

    private var mayEnd: Bool {
        transfers.isEmpty && idleSince.map { .now - $0 >= engine.configuration.idleLifetime } ?? false
    }

    private func perform() {
        for command in commands {
            switch command {
            case .start(let order): start(order)
            case .cancel(let sink): transfers.removeValue(forKey: ObjectIdentifier(sink)).map(release)
            case .resume(let sink):
                transfers[ObjectIdentifier(sink)].map { _ = curl_easy_pause($0.handle, CURLPAUSE_CONT) }
            }
        }
        commands.removeAll(keepingCapacity: true)
    }

    private func start(_ order: TransferOrder) {
        // The caller may have given up while the order lay in the inbox; its cancellation came before, to no effect.
        guard !order.sink.isSettled else { return }
        guard let handle = idleHandles.popLast() ?? curl_easy_init() else { return order.sink.fail(.outOfResources) }
        let transfer = Transfer(order, handle: handle)
        nextDeadline = min(nextDeadline ?? order.deadline, order.deadline)
        add(transfer)
    }

    private func add(_ transfer: Transfer) {
        do throws(HTTPClientError) {
            try transfer.configure()
            transfers[ObjectIdentifier(transfer.order.sink)] = transfer
            guard curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else { throw .outOfResources }
        } catch {
            transfers[ObjectIdentifier(transfer.order.sink)] = nil
            transfer.order.sink.fail(error)
            release(transfer)
        }
    }

    /// Takes the transfer out of libcurl; the caller has taken it out of the table, or keeps it while this runs.
    private func release(_ transfer: Transfer) {
        // Without effect on a handle that was never added.
        curl_multi_remove_handle(multi, transfer.handle)
        curl_easy_reset(transfer.handle)
        if idleHandles.count < Self.idleHandleLimit {
            idleHandles.append(transfer.handle)
        } else {
            free(transfer.handle)
        }
    }

    private func free(_ handle: UnsafeMutableRawPointer) {
        // The reset brought signals back, and libcurl would change the whole process's way with SIGPIPE for a moment.
        ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        curl_easy_cleanup(handle)
    }

    /// Moves every transfer on as far as it goes without waiting, and ends the ones that are done.
    private func drive() -> Bool {
        var running: CInt = 0
        guard curl_multi_perform(multi, &running) == CURLM_OK else { return false }
        var waiting: CInt = 0
        while let message = curl_multi_info_read(multi, &waiting) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let context = ccurl_get_private(handle)
            else { continue }
            // The handle is still added, so its private pointer is valid: see `Transfer`.
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            complete(transfer, ccurl_message_result(message))
        }
        return true
    }

    private func complete(_ transfer: Transfer, _ result: CURLcode) {
        if let next = transfer.nextHop, result == CURLE_OK || result == CURLE_WRITE_ERROR {
            return follow(next, transfer)
        }
        transfers[ObjectIdentifier(transfer.order.sink)] = nil
        if result == CURLE_OK {
            transfer.order.sink.finished()
        } else {
            transfer.order.sink.fail(transfer.error(for: result))
        }
        release(transfer)
    }

    private func follow(_ next: Hop, _ transfer: Transfer) {
        curl_multi_remove_handle(multi, transfer.handle)
        curl_easy_reset(transfer.handle)
        transfer.advance(to: next)
        add(transfer)
    }

    /// Ends the transfers whose time is over.
    ///
    /// libcurl has a limit of its own, but does not keep it for transfers that wait for a free connection.
    private func expire() {
        guard let due = nextDeadline, due <= .now else { return }
        let now = ContinuousClock.now
        for (key, transfer) in transfers where transfer.order.deadline <= now {
            transfers[key] = nil
            transfer.order.sink.fail(transfer.timeoutError)
            release(transfer)
        }
        nextDeadline = transfers.values.lazy.map(\.order.deadline).min()
    }

    /// Sleeps until a socket is ready, a timer of libcurl or a deadline is due, or a command comes.
    private func wait() -> Bool {
        let pause: Duration
        if transfers.isEmpty {
            nextDeadline = nil
            let now = ContinuousClock.now
            let since = idleSince ?? now
            idleSince = since
            pause = since + engine.configuration.idleLifetime - now
        } else {
            idleSince = nil
            pause = nextDeadline.map { $0 - .now } ?? .seconds(1)
        }
        var bell = curl_waitfd(fd: engine.wakeUp.descriptor, events: CShort(CURL_WAIT_POLLIN), revents: 0)
        guard curl_multi_poll(multi, &bell, 1, CInt(pause.milliseconds(atLeast: 0)), nil) == CURLM_OK else {
            return false
        }
        if bell.revents != 0 { engine.wakeUp.clear() }
        return true
    }

    private func failAll(_ error: HTTPClientError) {
        for (key, transfer) in transfers {
            transfers[key] = nil
            transfer.order.sink.fail(error)
            release(transfer)
        }
    }

    private func end() {
        failAll(.shutDown)
        for case .start(let order) in commands { order.sink.fail(.shutDown) }
        for handle in idleHandles { free(handle) }
        curl_multi_cleanup(multi)
    }
}
