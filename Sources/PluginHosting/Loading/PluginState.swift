/// How it stands with a plugin.
package enum PluginState: String, Sendable, CaseIterable {
    /// Found, and not looked at yet.
    case discovered
    /// Built for another machine, another contract, or not a plugin at all.
    case incompatible
    /// Could not be loaded, or said something that makes no sense.
    case failed
    /// Kept from loading until a person decides.
    case quarantined
    /// Switched off by a person.
    case disabled
    /// Loaded; instances can be created.
    case active
    /// Ended while it worked.
    case crashed
    /// Another file has the same id and is used instead.
    case superseded
    /// Its file is gone, but something is configured that needs it.
    case missing
}

/// Why a plugin is not used.
package struct PluginRefusal: Error, Hashable, Sendable {
    /// Names for programs; they never change their meaning.
    package enum Code: String, Sendable, CaseIterable {
        case notAFile = "not_a_file"
        case unreadable
        case foreignOwner = "foreign_owner"
        case worldWritable = "world_writable"
        case leavesFolder = "leaves_folder"
        case notALibrary = "not_a_library"
        case truncated
        case otherMachine = "other_machine"
        case noEntry = "no_entry"
        case newerMajor = "newer_major"
        case otherMajor = "other_major"
        case missingLibrary = "missing_library"
        case loadFailed = "load_failed"
        case noTable = "no_table"
        case badHeader = "bad_header"
        case wrongMagic = "wrong_magic"
        case shortTable = "short_table"
        case hostTooOld = "host_too_old"
        case missingFunction = "missing_function"
        case badManifest = "bad_manifest"
        case manifestDiffers = "manifest_differs"
        case badID = "bad_id"
        case otherFolder = "other_folder"
        case noKnownKind = "no_known_kind"
        case disabled
        case superseded
        case missing
        case restartNeeded = "restart_needed"
        /// The program that isolated plugins run in is not there, or cannot be started.
        case noRunner = "no_runner"
        /// Its process ended while it was loaded.
        case crashedOnLoad = "crashed_on_load"
        /// It was not loaded in time.
        case slowOnLoad = "slow_on_load"
        /// It crashes again and again.
        case crashes
        /// Its turn has not come yet.
        case waiting
        /// It is not the file that the lock of the server names for its id.
        case changed
        /// The server itself has died in its code.
        case crashedServer = "crashed_server"
        /// The server itself has died in its code, so that it has a process of its own now.
        case movedToIsolated = "moved_to_isolated"
    }

    /// What it makes of the plugin.
    package let state: PluginState
    /// The cause, for programs.
    package let code: Code
    /// What is wrong, with both values where two differ, and what to do.
    package let reason: String

    /// A refusal; `reason` is shown to the user as it is.
    package init(_ state: PluginState, _ code: Code, _ reason: String) {
        self.state = state
        self.code = code
        self.reason = reason
    }
}
