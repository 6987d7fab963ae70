import FoundationEssentials

/// The time of day.
///
/// Logic asks this instead of the system, so that tests can set it.
protocol WallClock: Sendable {
    var now: Date { get }
}

/// The clock of the machine.
struct SystemClock: WallClock {
    var now: Date { Date() }
}
