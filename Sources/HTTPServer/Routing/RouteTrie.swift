/// Patterns as a tree of segments; a literal wins over a parameter, a parameter over a catch-all.
struct RouteTrie: Sendable {
    /// What a walk found.
    enum Match {
        /// The route's index and the stretches of the path that its parameters cover.
        case found(Int, captures: [Range<Int>])
        /// The path is known, but not with this method.
        case otherMethods([HTTPMethod])
        case none
    }

    private struct Node: Sendable {
        var literals: [(text: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [(method: HTTPMethod, route: Int)] = []
        var catchAll: [(method: HTTPMethod, route: Int)] = []
    }

    private var nodes = [Node()]

    /// Adds a pattern; a precondition failure when the same method and shape is there already.
    mutating func insert(_ pattern: RoutePattern, _ method: HTTPMethod, route: Int) {
        var node = 0
        for segment in pattern.segments {
            switch segment {
            case .literal(let text): node = child(of: node, text)
            case .parameter: node = parameterChild(of: node)
            case .catchAll:
                precondition(
                    !nodes[node].catchAll.contains { $0.method == method },
                    "the route \(pattern) exists twice"
                )
                nodes[node].catchAll.append((method, route))
                return
            }
        }
        precondition(!nodes[node].routes.contains { $0.method == method }, "the route \(pattern) exists twice")
        nodes[node].routes.append((method, route))
    }

    /// Walks the canonical bytes of a path; one slash at its end does not count.
    func match(_ method: HTTPMethod, _ path: UnsafeBufferPointer<UInt8>) -> Match {
        var walk = Walk(method: method, path: path)
        if let route = descend(0, at: 1, &walk) { return .found(route, captures: walk.captures) }
        return walk.others.isEmpty ? .none : .otherMethods(walk.others)
    }

    private struct Walk {
        let method: HTTPMethod
        let path: UnsafeBufferPointer<UInt8>
        var captures: [Range<Int>] = []
        var others: [HTTPMethod] = []

        mutating func pick(_ routes: [(method: HTTPMethod, route: Int)]) -> Int? {
            if let route = routes.first(where: { $0.method == method }) { return route.route }
            if method == .head, let route = routes.first(where: { $0.method == .get }) { return route.route }
            for route in routes where !others.contains(route.method) { others.append(route.method) }
            return nil
        }
    }

    /// Tries the node for the segment that starts at `start`.
    ///
    /// It visits each node at most once for a path, since a node has one depth, so the work is bounded by the size of
    /// the tree.
    private func descend(_ index: Int, at start: Int, _ walk: inout Walk) -> Int? {
        let path = walk.path
        if start >= path.count {
            return walk.pick(nodes[index].routes) ?? rest(of: index, from: path.count, &walk)
        }
        var end = start
        while end < path.count, path[end] != RoutePath.slash { end += 1 }
        let segment = UnsafeBufferPointer(rebasing: path[start..<end])
        for literal in nodes[index].literals where literal.text.elementsEqual(segment) {
            if let route = descend(literal.node, at: end + 1, &walk) { return route }
        }
        if let parameter = nodes[index].parameter, start < end {
            walk.captures.append(start..<end)
            if let route = descend(parameter, at: end + 1, &walk) { return route }
            walk.captures.removeLast()
        }
        return rest(of: index, from: start, &walk)
    }

    private func rest(of index: Int, from start: Int, _ walk: inout Walk) -> Int? {
        guard !nodes[index].catchAll.isEmpty, RoutePath.staysInside(walk.path[start...]) else { return nil }
        guard let route = walk.pick(nodes[index].catchAll) else { return nil }
        walk.captures.append(start..<walk.path.count)
        return route
    }

    private mutating func child(of node: Int, _ text: [UInt8]) -> Int {
        if let known = nodes[node].literals.first(where: { $0.text == text }) { return known.node }
        nodes.append(Node())
        nodes[node].literals.append((text, nodes.count - 1))
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if let known = nodes[node].parameter { return known }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }
}
