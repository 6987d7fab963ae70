/// What a caller may do.
///
/// Each role may do all that the ones before it may.
enum Role: String, Sendable, Comparable, CaseIterable {
    /// Anybody, without a key.
    case anonymous = "public"
    /// Reads and plays.
    case user
    /// Changes things.
    case admin

    private var rank: Int {
        switch self {
        case .anonymous: 0
        case .user: 1
        case .admin: 2
        }
    }

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }
}

/// Who sent a request.
struct Caller: Sendable {
    var role: Role
    /// The id of the key that was shown; `nil` for an anonymous caller.
    var keyID: String?

    static let anonymous = Caller(role: .anonymous, keyID: nil)
}
