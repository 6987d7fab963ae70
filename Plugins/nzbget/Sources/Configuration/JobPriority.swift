/// How urgent a job is for NZBGet.
enum JobPriority: String, Hashable, Sendable, Codable {
    case low, normal, high, force

    /// The number that NZBGet's own web interface uses; from 900 on a job also runs while NZBGet is paused.
    var number: Int {
        switch self {
        case .low: -50
        case .normal: 0
        case .high: 50
        case .force: 900
        }
    }

    static let lowestForced = 900
}
