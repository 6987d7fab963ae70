/// How much of a running download has come, counted over all of its files.
struct Transfer: Sendable {
    /// A guess of a size moves with every report; it is told on only when it has moved by more than this share.
    private static let tolerance = 0.05

    private struct Part {
        var received: Double = 0
        var size: Double = 0
    }

    private var parts: [String: Part] = [:]
    /// The sum that the description has promised; 0 while unknown.
    private var promised: Double
    /// Bytes each second.
    private(set) var speed: Int64 = 0
    /// Seconds for what is left; `nil` when that cannot be told.
    private(set) var eta: Int?
    private(set) var size: Int64 = 0

    /// A download of which nothing is known.
    init() { promised = 0 }

    /// A download that begins.
    init(_ beginning: Report.Beginning) {
        let sizes = (beginning.formats ?? []).map { $0.size ?? $0.roughSize }
        if !sizes.isEmpty {
            promised = sizes.contains { $0 == nil } ? 0 : sizes.reduce(0) { $0 + ($1 ?? 0) }
        } else {
            promised = beginning.size ?? beginning.roughSize ?? 0
        }
        size = Self.whole(promised)
    }

    /// Bytes that have come.
    var received: Int64 { Self.whole(parts.values.reduce(0) { $0 + $1.received }) }

    var remaining: Int64 { max(0, size - received) }

    mutating func take(_ progress: Report.Progress) {
        let name = progress.filename ?? ""
        var part = parts[name] ?? Part()
        part.received = max(0, progress.received ?? part.received)
        part.size = progress.size ?? progress.roughSize ?? max(part.size, part.received)
        parts[name] = part
        let isFinished = progress.status == "finished"
        speed = isFinished ? 0 : Self.whole(progress.speed ?? 0)
        let known = parts.values.reduce(0) { $0 + max($1.size, $1.received) }
        update(to: max(promised, known), isExact: progress.size != nil && promised == 0)
        eta = speed > 0 && size > 0 ? Int(clamping: remaining / speed) : nil
    }

    private mutating func update(to new: Double, isExact: Bool) {
        let isFar = abs(new - Double(size)) > Self.tolerance * max(new, 1)
        if isExact || isFar || new < Double(received) || size == 0 { size = Self.whole(new) }
        size = max(size, received)
    }

    private static func whole(_ number: Double) -> Int64 {
        number.isFinite ? Int64(min(max(0, number), 1e17)) : 0
    }
}
