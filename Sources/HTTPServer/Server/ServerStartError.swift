/// Why a server could not start, in words for the person who starts it.
package struct ServerStartError: Error, Sendable, CustomStringConvertible {
    /// What went wrong and what to do.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
