/// How urgent a job is for SABnzbd.
enum JobPriority: String, Hashable, Sendable, Codable {
    case low, normal, high, force

    /// The number of the API.
    var number: Int {
        switch self {
        case .low: -1
        case .normal: 0
        case .high: 1
        case .force: 2
        }
    }

    /// The number that leaves the priority to the category.
    static let ofCategory = -100
    /// The number that adds a job paused.
    static let paused = -2
}
