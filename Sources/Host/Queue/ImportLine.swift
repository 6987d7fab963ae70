/// Items that wait for their import, each one once, the first one next.
struct ImportLine {
    private var ids: [String] = []
    /// The place of the first one; those before it are done with.
    private var head = 0
    private var waiting: Set<String> = []

    mutating func append(_ id: String) {
        if waiting.insert(id).inserted { ids.append(id) }
    }

    mutating func popFirst() -> String? {
        guard head < ids.count else { return nil }
        let id = ids[head]
        head += 1
        waiting.remove(id)
        if head == ids.count {
            ids.removeAll()
            head = 0
        }
        return id
    }
}
