import CKinodockPlugin
import FoundationEssentials
import Synchronization

/// The bodies of the C functions of a plugin's table.
enum PluginEntry {
    static func create(
        _ host: UnsafePointer<kinodock_host>?,
        _ call: UnsafePointer<kinodock_call>?
    ) -> UnsafeMutableRawPointer? {
        guard let call = call.flatMap(incoming) else { return nil }
        if let fault = call.fault {
            call.fail(fault)
            return nil
        }
        guard let host, host.pointee.size >= UInt32(KINODOCK_HOST_SIZE_V1),
            let plugin = PluginExport.exported.withLock({ $0 })
        else {
            call.fail(PluginError(.internal, "The host gave no table of its own; this is a defect of the host."))
            return nil
        }
        do {
            let remote = RemoteHost(host)
            let instance = PluginInstanceBox(try plugin.make(call.json, remote), methods: plugin.methods)
            call.succeed(json: WireJSON.emptyObject)
            return Unmanaged.passRetained(instance).toOpaque()
        } catch {
            call.fail(WireJSON.pluginError(from: error))
            return nil
        }
    }

    private static func incoming(_ call: UnsafePointer<kinodock_call>) -> IncomingCall? {
        IncomingCall(call, from: "The host")
    }

    static func migrate(_ call: UnsafePointer<kinodock_call>?) {
        guard let call = call.flatMap(incoming) else { return }
        if let fault = call.fault { return call.fail(fault) }
        guard let plugin = PluginExport.exported.withLock({ $0 }) else {
            return call.fail(PluginError(.internal, "The library exports no plugin; this is a defect of the plugin."))
        }
        do {
            let old = try WireJSON.decodeParameters(MigrationParameters.self, from: call.json)
            let settings = try plugin.migrate(old.settings, old.from)
            call.succeed(json: try WireJSON.encode(MigrationResult(settings: settings)))
        } catch {
            call.fail(WireJSON.pluginError(from: error))
        }
    }

    static func destroy(_ instance: UnsafeMutableRawPointer?, _ call: UnsafePointer<kinodock_call>?) {
        guard let instance, let call = call.flatMap(incoming) else { return }
        let owned = Unmanaged<PluginInstanceBox>.fromOpaque(instance).takeRetainedValue()
        Task {
            await owned.end()
            call.succeed(json: WireJSON.emptyObject)
        }
    }

    static func invoke(_ instance: UnsafeMutableRawPointer?, _ call: UnsafePointer<kinodock_call>?) {
        guard let instance, let call = call.flatMap(incoming) else { return }
        Unmanaged<PluginInstanceBox>.fromOpaque(instance).takeUnretainedValue().start(call)
    }

    static func cancel(_ instance: UnsafeMutableRawPointer?, _ id: UInt64) {
        guard let instance else { return }
        Unmanaged<PluginInstanceBox>.fromOpaque(instance).takeUnretainedValue().cancel(id)
    }
}
