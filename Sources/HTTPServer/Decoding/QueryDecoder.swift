/// Reads typed values from a query and collects what is wrong, so that one answer names every bad field.
package struct QueryDecoder {
    private let parameters: QueryParameters
    private(set) var errors: [FieldError] = []

    init(_ parameters: QueryParameters) {
        self.parameters = parameters
    }

    /// A whole number inside `range`; `fallback` when the parameter is absent or wrong.
    package mutating func int(
        _ name: String,
        default fallback: Int,
        in range: ClosedRange<Int> = Int.min...Int.max
    ) -> Int {
        optionalInt(name, in: range) ?? fallback
    }

    /// A whole number inside `range`, `nil` when the parameter is absent.
    package mutating func optionalInt(_ name: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
        guard let text = parameters.first(name) else { return nil }
        guard let value = Self.decimal(text), range.contains(value) else {
            refuse(name, "must be a whole number\(Self.words(for: range))")
            return nil
        }
        return value
    }

    /// `true` or `false` and nothing else; `fallback` when absent.
    package mutating func bool(_ name: String, default fallback: Bool) -> Bool {
        optionalBool(name) ?? fallback
    }

    /// `true` or `false` and nothing else; `nil` when absent.
    package mutating func optionalBool(_ name: String) -> Bool? {
        guard let text = parameters.first(name) else { return nil }
        guard let value = Bool(text) else {
            refuse(name, "must be true or false")
            return nil
        }
        return value
    }

    /// One of the raw values of an enumeration; `fallback` when absent.
    package mutating func oneOf<Choice: RawRepresentable & CaseIterable>(
        _ name: String,
        default fallback: Choice
    ) -> Choice where Choice.RawValue == String {
        optionalOneOf(name, Choice.self) ?? fallback
    }

    /// One of the raw values of an enumeration; `nil` when absent.
    package mutating func optionalOneOf<Choice: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let text = parameters.first(name) else { return nil }
        guard let value = Choice(rawValue: text) else {
            refuse(name, "must be one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
            return nil
        }
        return value
    }

    /// Text of a length, in characters, inside `length`; `nil` when absent.
    package mutating func string(_ name: String, length: ClosedRange<Int> = 0...Int.max) -> String? {
        guard let text = parameters.first(name) else { return nil }
        guard length.contains(text.count) else {
            refuse(name, "must be \(length.lowerBound) to \(length.upperBound) characters long")
            return nil
        }
        return text
    }

    /// Text that must be there; an error and an empty text when it is not.
    package mutating func required(_ name: String) -> String {
        if let text = parameters.first(name), !text.isEmpty { return text }
        refuse(name, "is required")
        return ""
    }

    /// Adds an error of the caller's own.
    package mutating func refuse(_ name: String, _ message: String) {
        errors.append(FieldError(name, message))
    }

    private static func decimal(_ text: String) -> Int? {
        // `Int` takes a leading plus, which in a query is a space that someone forgot to encode.
        text.utf8.first == UInt8(ascii: "+") ? nil : Int(text)
    }

    private static func words(for range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): ""
        case (let low, .max): " of \(low) or more"
        case (.min, let high): " of \(high) or less"
        case (let low, let high): " from \(low) to \(high)"
        }
    }
}

extension QueryParameters {
    /// Reads several values and throws one 400 `VALIDATION_ERROR` that names every bad one.
    package func decode<Value>(_ read: (inout QueryDecoder) throws -> Value) throws -> Value {
        var decoder = QueryDecoder(self)
        let value = try read(&decoder)
        if !decoder.errors.isEmpty { throw HTTPError.validation(decoder.errors) }
        return value
    }

    /// A whole number inside `range`, or `fallback` when absent; throws 400 `VALIDATION_ERROR`.
    package func int(
        _ name: String,
        default fallback: Int,
        in range: ClosedRange<Int> = Int.min...Int.max
    ) throws -> Int {
        try decode { $0.int(name, default: fallback, in: range) }
    }

    /// `true` or `false`, or `fallback` when absent; throws 400 `VALIDATION_ERROR`.
    package func bool(_ name: String, default fallback: Bool) throws -> Bool {
        try decode { $0.bool(name, default: fallback) }
    }
}
