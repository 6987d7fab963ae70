/// The header fields of a request, looked up where they lie.
package struct RequestHeaders: Sendable {
    let head: RequestHead

    /// The first value of `name`, compared without regard to case.
    package subscript(name: String) -> String? {
        head.value(name)
    }
}
