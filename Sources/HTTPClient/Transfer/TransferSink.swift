/// The side of an exchange that the caller waits at; called by the engine's thread alone, except for `fail`.
protocol TransferSink: AnyObject, Sendable {
    /// Whether the outcome is known already, for example because the caller gave up.
    var isSettled: Bool { get }

    /// The head of the final response has come.
    func began(_ head: ResponseHead, at address: WebAddress)

    /// More of the final response's body.
    ///
    /// - Returns: `false` to be offered the same bytes again after a command `.resume`.
    func received(_ bytes: UnsafeRawBufferPointer) -> Bool

    /// The body is complete.
    func finished()

    /// Nothing more will come. From any thread; only the first outcome counts.
    func fail(_ error: HTTPClientError)
}
