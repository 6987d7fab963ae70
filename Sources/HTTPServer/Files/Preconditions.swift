internal import FoundationEssentials

/// What decides whether a client's copy is current: the tag and the time of a representation.
struct Validators {
    var etag: EntityTag?
    /// Whole seconds count; fractions cannot be said in a header.
    var lastModified: Date?
}

/// The conditional fields of a request (RFC 9110 section 13).
struct Preconditions {
    /// What the conditions allow.
    enum Verdict: Equatable {
        /// Answer normally; a Range counts only if `rangeAllowed`.
        case proceed(rangeAllowed: Bool)
        /// 304: the client's copy is current.
        case notModified
        /// 412: the client's idea of the resource is out of date.
        case failed
    }

    /// What to tell a client whose request has failed.
    static let refusal = "This is not the version that the request names in If-Match or If-Unmodified-Since."

    private let value: (String) -> String?

    /// Reads the fields through `value`, which looks one up by name.
    init(_ value: @escaping (String) -> String?) {
        self.value = value
    }

    /// Evaluates in the order of section 13.2.2.
    func verdict(_ method: HTTPMethod, _ current: Validators) -> Verdict {
        let isRead = method == .get || method == .head
        if let match = value("If-Match") {
            if !matches(EntityTagList(match), current.etag, strongly: true) { return .failed }
        } else if let date = value("If-Unmodified-Since").flatMap(HTTPDate.parse), let modified = seconds(current) {
            if modified > date.timeIntervalSince1970 { return .failed }
        }
        if let none = value("If-None-Match") {
            if matches(EntityTagList(none), current.etag, strongly: false) { return isRead ? .notModified : .failed }
        } else if isRead, let date = value("If-Modified-Since").flatMap(HTTPDate.parse), let modified = seconds(current)
        {
            if modified <= date.timeIntervalSince1970 { return .notModified }
        }
        return .proceed(rangeAllowed: method == .get && ifRangeHolds(current))
    }

    private func matches(_ list: EntityTagList, _ current: EntityTag?, strongly: Bool) -> Bool {
        switch list {
        case .any: return true
        case .tags(let tags):
            guard let current else { return false }
            return tags.contains { strongly ? $0.matchesStrongly(current) : $0.matchesWeakly(current) }
        }
    }

    private func ifRangeHolds(_ current: Validators) -> Bool {
        guard let text = value("If-Range") else { return true }
        if let tag = EntityTag(text) { return current.etag.map(tag.matchesStrongly) ?? false }
        guard let date = HTTPDate.parse(text), let modified = seconds(current) else { return false }
        return date.timeIntervalSince1970 == modified
    }

    private func seconds(_ current: Validators) -> Double? {
        current.lastModified.map { $0.timeIntervalSince1970.rounded(.down) }
    }
}
