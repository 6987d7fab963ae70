/// Work in progress that a stop must wait for, or end.
protocol Endable: AnyObject, Sendable {
    /// Whether it would go on for as long as its client listens, so that waiting for it makes no sense.
    var isStream: Bool { get }
    /// Ends as soon as it can, and resumes its connection if that is suspended; may be called more than once.
    func end()
}
