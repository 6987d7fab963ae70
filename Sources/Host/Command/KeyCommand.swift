import FoundationEssentials
import PluginAPI

/// Makes, lists and revokes keys: `kinodock key create|list|revoke`.
struct KeyCommand {
    let configuration: ServerConfiguration
    let arguments: Arguments

    func run() throws -> Int32 {
        if ["create", "list"].contains(arguments.positional.first), let word = arguments.positional.dropFirst().first {
            throw UsageError("kinodock key \(arguments.positional[0]) takes no \"\(word)\".")
        }
        switch arguments.positional.first {
        case "create": try create()
        case "list": try list()
        case "revoke": try revoke()
        case let other:
            throw UsageError("kinodock key takes create, list or revoke\(other.map { ", not \"\($0)\"" } ?? "").")
        }
        return 0
    }

    private func create() throws {
        guard let text = arguments.values["role"], let role = Role(rawValue: text), role > .anonymous else {
            throw UsageError("Say which role the key has: --role admin or --role user.")
        }
        guard let name = arguments.values["name"]?.trimmed, (1...100).contains(name.count) else {
            throw UsageError("Give the key a name of 1 to 100 characters: --name NAME.")
        }
        let (key, secret) = AccessKey.make(name: name, role: role, now: Date())
        try withStore { try $0.insert(key) }
        Terminal.print(secret)
    }

    private func list() throws {
        let keys = try withStore { try $0.accessKeys() }
        for key in keys {
            let end = key.revoked.map { "revoked \($0.iso8601)" } ?? "valid"
            Terminal.print("\(key.id)  \(key.role.rawValue)  \(key.created.iso8601)  \(end)  \(key.name)")
        }
    }

    private func revoke() throws {
        guard arguments.positional.count == 2 else {
            throw UsageError("kinodock key revoke takes the id or name of one key.")
        }
        let id = arguments.positional[1]
        switch try withStore({ try $0.revokeKey(id, now: Date()) }) {
        case 1: Terminal.print("Revoked.")
        case 0: throw CommandFailure("No valid key is called \(id). `kinodock key list` shows all.")
        case let count: throw CommandFailure("\(count) keys are called \(id). Use the whole id.")
        }
    }

    private func withStore<Result>(_ body: (Store) throws -> Result) throws -> Result {
        try DataFolder(configuration).prepare()
        let store = try Store(path: configuration.databasePath)
        defer { store.close() }
        return try body(store)
    }
}
