/// What a Range field asks of a representation of a known length (RFC 9110 section 14).
enum RangeHeader: Equatable {
    /// No usable range: answer with the whole.
    case ignored
    /// Well-formed, but no part of it lies inside the representation: answer 416.
    case unsatisfiable
    /// What to send, in the order asked; none of them overlap.
    case ranges([Range<UInt64>])

    /// The most ranges that are answered with parts; a longer list is an attack or a mistake and gets the whole.
    static let mostRanges = 50
    /// The most ranges that may overlap others before the list counts as absurd (RFC 9110 section 14.2).
    static let mostOverlaps = 2

    /// Reads a field value for a representation of `length` bytes.
    init(_ text: String, length: UInt64) {
        guard let specs = Self.specs(text), specs.count <= Self.mostRanges else {
            self = .ignored
            return
        }
        if length == 0, specs.contains(where: { if case .last(1...) = $0 { true } else { false } }) {
            // The end of nothing is nothing, and Content-Range cannot say so.
            self = .ignored
            return
        }
        let ranges = specs.compactMap { $0.range(in: length) }
        guard !ranges.isEmpty else {
            self = .unsatisfiable
            return
        }
        self = Self.coalesced(ranges).map(Self.ranges) ?? .ignored
    }

    private enum Spec {
        case from(UInt64, through: UInt64)
        case last(UInt64)

        func range(in length: UInt64) -> Range<UInt64>? {
            switch self {
            case .from(let first, let last): first < length ? first..<(min(last, length - 1) + 1) : nil
            case .last(let count): count > 0 && length > 0 ? (length - min(count, length))..<length : nil
            }
        }
    }

    private static func specs(_ text: String) -> [Spec]? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        guard MediaType.trimmed(String(text[..<equals])).lowercased() == "bytes" else { return nil }
        var specs: [Spec] = []
        for member in text[text.index(after: equals)...].split(separator: ",") {
            let member = MediaType.trimmed(String(member))
            if member.isEmpty { continue }
            guard let spec = spec(member) else { return nil }
            specs.append(spec)
            if specs.count > mostRanges { break }
        }
        return specs.isEmpty ? nil : specs
    }

    private static func spec(_ text: String) -> Spec? {
        guard let dash = text.firstIndex(of: "-") else { return nil }
        let first = text[..<dash], last = text[text.index(after: dash)...]
        if first.isEmpty { return number(last).map(Spec.last) }
        guard let start = number(first) else { return nil }
        if last.isEmpty { return .from(start, through: .max) }
        guard let end = number(last), end >= start else { return nil }
        return .from(start, through: end)
    }

    /// A decimal number; one too large for 64 bits counts as the largest, since it lies behind every end.
    private static func number(_ digits: Substring) -> UInt64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(digits) ?? .max
    }

    /// Joins ranges that overlap or touch into the one that was asked first; `nil` when too many overlap.
    private static func coalesced(_ ranges: [Range<UInt64>]) -> [Range<UInt64>]? {
        var result: [Range<UInt64>] = [], overlaps = 0
        for range in ranges {
            var joined = range
            var place = result.count
            var index = 0
            while index < result.count {
                let other = result[index]
                guard other.lowerBound <= joined.upperBound, joined.lowerBound <= other.upperBound else {
                    index += 1
                    continue
                }
                if other.overlaps(range) { overlaps += 1 }
                joined = min(other.lowerBound, joined.lowerBound)..<max(other.upperBound, joined.upperBound)
                place = min(place, index)
                result.remove(at: index)
                // The grown range may now touch one that was passed before.
                index = 0
            }
            result.insert(joined, at: min(place, result.count))
            if overlaps > mostOverlaps { return nil }
        }
        return result
    }
}
