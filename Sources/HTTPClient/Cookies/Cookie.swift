import CCurl

/// A cookie as RFC 6265 stores it (section 5.3).
struct Cookie: Sendable {
    let name: String
    let value: String
    /// Lowercase, without a leading dot.
    let domain: String
    /// Whether only `domain` itself gets it, not the hosts below.
    let isHostOnly: Bool
    let path: String
    let isSecure: Bool
    /// Seconds since 1970; `nil` lives as long as the jar.
    let expiry: Double?

    /// Reads the value of a field `Set-Cookie` as section 5.2 says.
    ///
    /// `nil` when the server that answered may not set it, or when it has no name.
    init?(setCookie: String, from address: WebAddress, now: Double) {
        var parts = setCookie.split(separator: ";", omittingEmptySubsequences: false)[...]
        guard let pair = parts.popFirst(), let equals = pair.firstIndex(of: "=") else { return nil }
        name = pair[..<equals].trimmed
        value = pair[pair.index(after: equals)...].trimmed
        guard !name.isEmpty, !setCookie.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) else {
            return nil
        }
        let attributes = Attributes(parts, now: now)
        let host = address.cookieHost
        if let domain = attributes.domain, domain != host {
            guard Self.mayCover(domain, host: host, isNumeric: address.isNumericHost) else { return nil }
            self.domain = domain
            isHostOnly = false
        } else {
            domain = host
            isHostOnly = attributes.domain == nil || address.isNumericHost
        }
        path = attributes.path ?? Self.defaultPath(of: address.path)
        isSecure = attributes.isSecure
        expiry = attributes.expiry
    }

    /// Whether the cookie goes to that address (section 5.4).
    func applies(to address: WebAddress) -> Bool {
        let host = address.cookieHost
        guard domain == host || (!isHostOnly && !address.isNumericHost && host.hasSuffix("." + domain)) else {
            return false
        }
        return (!isSecure || address.scheme == "https") && Self.pathMatches(path, request: address.path)
    }

    /// A host may speak for the domains above it, but not for a whole top-level domain.
    private static func mayCover(_ domain: String, host: String, isNumeric: Bool) -> Bool {
        !isNumeric && domain.contains(".") && host.hasSuffix("." + domain)
    }

    /// Section 5.1.4: everything up to the last slash, which itself is left out.
    private static func defaultPath(of path: String) -> String {
        guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static func pathMatches(_ path: String, request: String) -> Bool {
        guard request.hasPrefix(path) else { return false }
        return path.utf8.count == request.utf8.count || path.hasSuffix("/")
            || request.utf8.dropFirst(path.utf8.count).first == UInt8(ascii: "/")
    }
}

/// What follows the name and the value of a cookie; of equal attributes the last one counts.
private struct Attributes {
    var domain: String?
    var path: String?
    var isSecure = false
    var expiry: Double?

    init(_ parts: ArraySlice<Substring>, now: Double) {
        var maxAge: Double?
        for part in parts {
            let equals = part.firstIndex(of: "=") ?? part.endIndex
            let value = part[equals...].dropFirst().trimmed
            switch part[..<equals].trimmed.lowercased() {
            case "domain": domain = Self.domain(value)
            case "path": path = value.hasPrefix("/") ? value : nil
            case "secure": isSecure = true
            case "max-age": maxAge = Self.expiry(maxAge: value, now: now) ?? maxAge
            case "expires": expiry = Self.expiry(date: value) ?? expiry
            default: break
            }
        }
        expiry = maxAge ?? expiry
    }

    private static func domain(_ value: String) -> String? {
        let name = value.hasPrefix(".") ? value.dropFirst() : value[...]
        return name.isEmpty ? nil : name.lowercased()
    }

    /// Section 5.2.2: digits with an optional minus; anything else is as if it were not there.
    private static func expiry(maxAge: String, now: Double) -> Double? {
        let digits = maxAge.hasPrefix("-") ? maxAge.dropFirst() : maxAge[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
            return nil
        }
        return maxAge.hasPrefix("-") ? -.infinity : Double(digits).map { $0 == 0 ? -.infinity : now + $0 }
    }

    /// libcurl reads every way in which servers write dates; it answers -1 for what is none.
    private static func expiry(date: String) -> Double? {
        let seconds = curl_getdate(date, nil)
        return seconds == -1 ? nil : Double(seconds)
    }
}

extension Substring {
    /// Without the spaces and tabs at both ends.
    fileprivate var trimmed: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
