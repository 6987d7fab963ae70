import CKinodockPlugin

/// The functions of a plugin's table, read once after the table was checked.
struct PluginFunctions: @unchecked Sendable {
    // Unchecked: the contract allows every one of these functions on any thread.
    typealias Create =
        @convention(c) (UnsafePointer<kinodock_host>?, UnsafePointer<kinodock_call>?) -> UnsafeMutableRawPointer?
    typealias Take = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<kinodock_call>?) -> Void
    typealias Migrate = @convention(c) (UnsafePointer<kinodock_call>?) -> Void
    typealias Cancel = @convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void

    let create: Create
    let destroy: Take
    let invoke: Take
    let cancel: Cancel
    /// `nil` when the plugin has none, or is of version 1.0 of the contract.
    let migrate: Migrate?
    /// Whether `invoke` never waits, so that it may run on a thread that others need.
    let invokeReturns: Bool

    init(
        _ create: @escaping Create,
        _ destroy: @escaping Take,
        _ invoke: @escaping Take,
        _ cancel: @escaping Cancel,
        migrate: Migrate?,
        invokeReturns: Bool
    ) {
        self.create = create
        self.destroy = destroy
        self.invoke = invoke
        self.cancel = cancel
        self.migrate = migrate
        self.invokeReturns = invokeReturns
    }
}

/// The plugin's opaque pointer to one of its instances.
struct InstancePointer: @unchecked Sendable {
    // Unchecked: only the plugin looks into it, and the contract allows that on every thread.
    let raw: UnsafeMutableRawPointer
}
