import CKinodockPlugin

/// The functions of a plugin's table, read once after the table was checked.
struct PluginFunctions: @unchecked Sendable {
    // Unchecked: the contract allows every one of these functions on any thread.
    typealias Create =
        @convention(c) (UnsafePointer<kinodock_host>?, UnsafePointer<kinodock_call>?) -> UnsafeMutableRawPointer?
    typealias Take = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<kinodock_call>?) -> Void
    typealias Migrate = @convention(c) (UnsafePointer<kinodock_call>?) -> Void
    typealias Cancel = @convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void

    private let createFunction: Create
    private let destroyFunction: Take
    private let invokeFunction: Take
    private let cancelFunction: Cancel
    private let migrateFunction: Migrate?
    /// Notes that a thread is inside of one of the functions.
    var mark = CrashMark.none
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
        createFunction = create
        destroyFunction = destroy
        invokeFunction = invoke
        cancelFunction = cancel
        migrateFunction = migrate
        self.invokeReturns = invokeReturns
    }

    func create(
        _ host: UnsafePointer<kinodock_host>,
        _ call: UnsafePointer<kinodock_call>
    ) -> UnsafeMutableRawPointer? {
        mark.call { createFunction(host, call) }
    }

    func destroy(_ instance: UnsafeMutableRawPointer, _ call: UnsafePointer<kinodock_call>) {
        mark.call { destroyFunction(instance, call) }
    }

    func invoke(_ instance: UnsafeMutableRawPointer, _ call: UnsafePointer<kinodock_call>) {
        mark.call { invokeFunction(instance, call) }
    }

    func cancel(_ instance: UnsafeMutableRawPointer, _ id: UInt64) {
        mark.call { cancelFunction(instance, id) }
    }

    /// `nil` when the plugin has no such function, or is of version 1.0 of the contract.
    var migrate: (@Sendable (_ call: UnsafePointer<kinodock_call>) -> Void)? {
        guard migrateFunction != nil else { return nil }
        return { call in mark.call { migrateFunction?(call) } }
    }
}

/// The plugin's opaque pointer to one of its instances.
struct InstancePointer: @unchecked Sendable {
    // Unchecked: only the plugin looks into it, and the contract allows that on every thread.
    let raw: UnsafeMutableRawPointer
}
