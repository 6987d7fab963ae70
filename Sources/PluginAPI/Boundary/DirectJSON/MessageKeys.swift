/// The members of a kind of message, made once from its coding keys.
struct MessageKeys<Key: RawRepresentable & CaseIterable & Hashable & Sendable>: Sendable where Key.RawValue == String {
    private let keys: [Key]
    private let names: [String]
    /// One bit for each key that must be there.
    fileprivate let required: UInt64

    /// - Parameter optional: the keys that may be absent. At most 64 keys in all.
    init(_ type: Key.Type, optional: Set<Key> = []) {
        keys = Array(Key.allCases)
        names = keys.map(\.rawValue)
        precondition(keys.count <= 64, "A message of more than 64 members needs a wider set of bits.")
        required = keys.enumerated().reduce(0) { bits, key in
            optional.contains(key.element) ? bits : bits | 1 << UInt64(key.offset)
        }
    }

    /// The place of `name`, looked for from `start` on, because most writers keep to one order.
    fileprivate func place(of name: String, from start: Int) -> Int? {
        for place in start..<names.count where names[place] == name { return place }
        for place in 0..<start where names[place] == name { return place }
        return nil
    }

    fileprivate subscript(place: Int) -> Key { keys[place] }
}

/// How far a reader has come in an object.
struct MessageMembers<Key: RawRepresentable & CaseIterable & Hashable & Sendable> where Key.RawValue == String {
    fileprivate let keys: MessageKeys<Key>
    fileprivate var next = 0
    fileprivate var seen: UInt64 = 0
    fileprivate var isFirst = true
}

extension MessageReader {
    /// Begins an object with the members `keys`.
    mutating func members<Key>(_ keys: MessageKeys<Key>) throws(Unsure) -> MessageMembers<Key> {
        try expect("{")
        return MessageMembers(keys: keys)
    }

    /// Moves to the value of the next known member, past all that are unknown.
    ///
    /// - Returns: `nil` at the end of the object.
    /// - Throws: `Unsure` also when a member stands there twice, or one that is required does not.
    mutating func next<Key>(_ members: inout MessageMembers<Key>) throws(Unsure) -> Key? {
        while !take("}") {
            if !members.isFirst { try expect(",") }
            members.isFirst = false
            let name = try string()
            try expect(":")
            guard let place = members.keys.place(of: name, from: members.next) else {
                try skipValue()
                continue
            }
            guard members.seen & 1 << UInt64(place) == 0 else { throw Unsure() }
            members.seen |= 1 << UInt64(place)
            members.next = place + 1
            return members.keys[place]
        }
        guard members.seen & members.keys.required == members.keys.required else { throw Unsure() }
        return nil
    }
}
