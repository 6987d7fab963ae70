import FoundationEssentials
import PluginAPI
import Synchronization

@testable import Host
@testable import PluginHosting

/// A shelf whose steps are carried out by the test, over files that are made up.
struct ShelfBench {
    /// A file that is made up.
    struct File {
        var id: String
        var version = "1.0.0"
        /// Of its bytes.
        var hash: String
        /// What becomes of running it for the first time, when not all is well.
        var refusal: PluginRefusal?
        /// Whether it tells its manifest without being run.
        var previews = false
    }

    var shelf = PluginShelf(atOnce: 2)
    /// By the name of the folder.
    var files: [String: File] = [:]
    var now = ManualClock.start
    /// What was done, in order.
    private(set) var done: [String] = []
    private(set) var kept: [PluginScan] = []
    private(set) var left: [UsedPlugin] = []
    /// Steps whose end the test brings about itself.
    private(set) var held: [PluginShelf.Step] = []
    /// The folders whose scan is held.
    var holding: Set<String> = []

    init(_ files: [String: File] = [:]) {
        self.files = files
    }

    static func candidate(_ folder: String) -> PluginCandidate {
        PluginCandidate(id: folder, path: "/p/\(folder)/plugin.so", folder: "/p/\(folder)", hasOwnFolder: false)
    }

    static func manifest(_ id: String, _ version: String) -> PluginManifest {
        var manifest = PluginManifest(
            id: id,
            name: id.uppercased(),
            version: version,
            description: "",
            settings: SettingsSchema(fields: [])
        )
        manifest.kinds = [.known(.notifier)]
        return manifest
    }

    /// Looks into the folders anew and does all that follows.
    mutating func rescan() {
        shelf.update(files.keys.sorted().map(Self.candidate))
        settle()
    }

    /// Does all that can be done.
    mutating func settle() {
        for _ in 0..<200 {
            left += shelf.retire()
            let steps = shelf.begin()
            if steps.isEmpty { return }
            for step in steps { perform(step) }
        }
        fatalError("The shelf never rests.")
    }

    mutating func perform(_ step: PluginShelf.Step) {
        switch step {
        case .look(let candidate):
            done.append("look \(candidate.id)")
            guard let file = files[candidate.id] else {
                let refusal = PluginRefusal(.failed, .unreadable, "\(candidate.path) cannot be read.")
                return shelf.finish(look: candidate, .failure(refusal))
            }
            shelf.finish(look: candidate, .success(Self.plugin(file)))
        case .scan(let candidate, let file):
            if holding.contains(candidate.id) { return held.append(step) }
            done.append("scan \(candidate.id)")
            finishScan(candidate, file)
        case .load(let candidate, let file, _, let mode):
            done.append("load \(candidate.id) \(mode.rawValue)")
            let its = files[candidate.id] ?? File(id: candidate.id, hash: file.sha256)
            let plugin = SupervisedListing(manifest: Self.manifest(its.id, its.version), path: candidate.path)
            let unsupervised = ListedPlugin(manifest: plugin.manifest, path: plugin.path)
            shelf.finish(load: candidate, file, mode, .success(mode == .isolated ? plugin : unsupervised))
        }
    }

    /// Lets the scans go that were held.
    mutating func letGo() {
        holding = []
        let steps = held
        held = []
        for step in steps { perform(step) }
        settle()
    }

    private mutating func finishScan(_ candidate: PluginCandidate, _ file: PluginFile) {
        guard let its = files[candidate.id] else { return }
        let scanned = ScannedPlugin(minor: 0, manifest: Self.manifest(its.id, its.version))
        let outcome = its.refusal.map(Result.failure) ?? .success(scanned)
        if let scan = shelf.finish(scan: candidate, file, outcome, now: now) { kept.append(scan) }
    }

    static func plugin(_ file: File) -> PluginFile {
        // Every file of a test is the same one to the system; what differs is what it is said to hold.
        guard let status = PluginFileStatus("/") else { fatalError("There is no root folder.") }
        let manifest = file.previews ? manifest(file.id, file.version) : nil
        return PluginFile(status: status, sha256: file.hash, manifest: manifest)
    }

    mutating func forgetDone() { done = [] }

    var entries: [PluginEntry] {
        mutating get { shelf.evaluate(now: now).entries }
    }

    mutating func entry(_ folder: String) -> PluginEntry? {
        entries.first { $0.path == Self.candidate(folder).path }
    }

    mutating func active(_ id: String) -> UsedPlugin? { shelf.evaluate(now: now).active[id] }
}

/// A plugin in a process that is made up.
final class SupervisedListing: SupervisedPlugin, OnlyListed {
    let manifest: PluginManifest
    let path: String
    let view = Mutex(RunnerView())
    let isStopped = Mutex(false)

    init(manifest: PluginManifest, path: String) {
        self.manifest = manifest
        self.path = path
    }

    var runner: RunnerView { view.withLock { $0 } }
    func retry() { view.withLock { $0 = RunnerView() } }
    func stop() { isStopped.withLock { $0 = true } }
}
