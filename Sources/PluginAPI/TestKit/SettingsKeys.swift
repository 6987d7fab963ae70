import FoundationEssentials

/// Compares the form of a plugin with the type that its settings are decoded into.
///
///     #expect(SettingsKeys.differences(in: Example.self) == [])
public enum SettingsKeys {
    /// What the form of `plugin` and its `Settings` do not have in common, a sentence each; empty when they fit.
    ///
    /// The form is filled in with defaults and made-up values, decoded as the host's settings are, and encoded again:
    /// its fields that hold a value and the coding keys that `Settings` writes must be the same.
    public static func differences<P: Plugin>(in plugin: P.Type) -> [String] {
        let fields = plugin.manifest.settings.fields.filter { $0.type.value != .info }
        let form = Set(fields.map(\.key))
        let recorder = KeyRecorder()
        do {
            let samples = Dictionary(fields.map { ($0.key, $0.sample) }, uniquingKeysWith: { first, _ in first })
            try SettingsReader.read(try WireJSON.encode(samples), for: plugin).encode(to: recorder)
        } catch {
            return [
                "The settings that the form describes cannot be decoded: \(WireJSON.pluginError(from: error).message)"
            ]
        }
        return form.subtracting(recorder.keys).sorted().map {
            "The form has the field \($0), which Settings does not have."
        }
            + recorder.keys.subtracting(form).sorted().map { "Settings has \($0), for which the form has no field." }
    }
}

extension SettingsField {
    /// A value that the field takes.
    fileprivate var sample: JSONValue {
        if let value = self.default { return value }
        return switch type.value {
        case .number: .number(min ?? 1)
        case .bool: false
        case .multiselect, .tags: []
        case .keyValue: [:]
        case .select: .string(options?.first?.value ?? "sample")
        case .url: "http://127.0.0.1/"
        case .host: "127.0.0.1"
        case .path: "/"
        default: "sample"
        }
    }
}

/// An encoder that keeps the keys of the outermost object, and nothing else.
private final class KeyRecorder: Encoder {
    var keys: Set<String> = []
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Keyed(recorder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { Rest(recorder: KeyRecorder()) }
    func singleValueContainer() -> any SingleValueEncodingContainer { Rest(recorder: self) }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let recorder: KeyRecorder
        var codingPath: [any CodingKey] { [] }

        mutating func encodeNil(forKey key: Key) { recorder.keys.insert(key.stringValue) }
        mutating func encode(_ value: some Encodable, forKey key: Key) { recorder.keys.insert(key.stringValue) }
        // The protocol's own ones leave out what is nil.
        mutating func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: Bool?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: String?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: Double?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: Float?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: Int?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: Int64?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: UInt?, forKey key: Key) { encodeNil(forKey: key) }
        mutating func encodeIfPresent(_ value: UInt16?, forKey key: Key) { encodeNil(forKey: key) }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            encodeNil(forKey: key)
            return KeyRecorder().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            encodeNil(forKey: key)
            return KeyRecorder().unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder { recorder }

        mutating func superEncoder(forKey key: Key) -> any Encoder {
            encodeNil(forKey: key)
            return KeyRecorder()
        }
    }

    /// What is no object: a single value may still write one, elements of a list have no keys of their own.
    private struct Rest: SingleValueEncodingContainer, UnkeyedEncodingContainer {
        let recorder: KeyRecorder
        var count: Int { 0 }
        var codingPath: [any CodingKey] { [] }

        mutating func encodeNil() {}
        mutating func encode(_ value: some Encodable) throws {
            // What the standard library encodes as a single value would come back here for ever.
            if !(value is any LosslessStringConvertible) { try value.encode(to: recorder) }
        }

        mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            recorder.container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
        mutating func superEncoder() -> any Encoder { recorder }
    }
}
