package import FoundationEssentials
import Synchronization

/// The cookies of one user of the client, in memory, by the rules of RFC 6265.
///
/// Holds at most 50 cookies for a domain and 500 in all; the oldest make room. A host may set cookies for the domains
/// above it, except for a whole top-level domain.
package final class CookieJar: Sendable {
    private static let limitPerDomain = 50
    private static let limit = 500

    private let now: @Sendable () -> Date
    /// In the order in which they were first set, which the order in the header field depends on.
    private let cookies = Mutex<[Cookie]>([])

    /// Creates an empty jar.
    ///
    /// - Parameter now: The clock that cookies expire by.
    package init(now: @escaping @Sendable () -> Date = { Date() }) {
        self.now = now
    }

    /// Keeps the cookies that a response from `address` sets; one that has expired removes its predecessor.
    func store(_ fields: [(name: String, value: String)], from address: WebAddress) {
        let values = fields.filter { $0.name.equalsIgnoringASCIICase("Set-Cookie") }
        guard !values.isEmpty else { return }
        let now = now().timeIntervalSince1970
        let received = values.compactMap { Cookie(setCookie: $0.value, from: address, now: now) }
        cookies.withLock { cookies in
            for cookie in received { Self.insert(cookie, into: &cookies, now: now) }
        }
    }

    /// The value of the header field `Cookie` for a request to `address`, or `nil` when no cookie belongs to it.
    func header(for address: WebAddress) -> String? {
        var matching = cookies.withLock { cookies -> [Cookie] in
            guard !cookies.isEmpty else { return [] }
            let now = now().timeIntervalSince1970
            cookies.removeAll { $0.hasExpired(at: now) }
            return cookies.filter { $0.applies(to: address) }
        }
        guard !matching.isEmpty else { return nil }
        // Longer paths first (section 5.4); the sort is stable, so that older cookies stay ahead of newer ones.
        matching.sort { $0.path.utf8.count > $1.path.utf8.count }
        return matching.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    private static func insert(_ cookie: Cookie, into cookies: inout [Cookie], now: Double) {
        let predecessor = cookies.firstIndex {
            $0.name == cookie.name && $0.domain == cookie.domain && $0.path == cookie.path
        }
        switch (predecessor, cookie.hasExpired(at: now)) {
        case (let index?, true): cookies.remove(at: index)
        case (let index?, false): cookies[index] = cookie
        case (nil, true): break
        case (nil, false):
            makeRoom(for: cookie.domain, in: &cookies)
            cookies.append(cookie)
        }
    }

    private static func makeRoom(for domain: String, in cookies: inout [Cookie]) {
        if cookies.count(where: { $0.domain == domain }) >= limitPerDomain {
            cookies.firstIndex { $0.domain == domain }.map { _ = cookies.remove(at: $0) }
        } else if cookies.count >= limit {
            cookies.removeFirst()
        }
    }
}

extension Cookie {
    fileprivate func hasExpired(at now: Double) -> Bool {
        expiry.map { $0 <= now } ?? false
    }
}
