import PluginAPI

/// Looks whether the media server is there, takes the key, and has the folders.
struct ConnectionTest: Sendable {
    let server: any MediaServer
    let service: Service
    let map: PathMap
    /// A folder of the library, if the settings name one.
    let libraryPath: String?

    /// - Throws: `PluginError` when there is no connection at all, or another program answers.
    func run() async throws -> ConnectionReport {
        let version = try await server.version()
        var report = ConnectionReport(version: version)
        report.checks = [.init("connection", ok: true), check(version)]
        let libraries: [MediaLibrary]
        do {
            libraries = try await server.libraries()
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            report.checks.append(.init("login", ok: false, field: error.field, message: error.message))
            return report
        }
        report.checks += [.init("login", ok: true), check(libraries)]
        return report
    }

    private func check(_ version: String) -> ConnectionReport.Check {
        let numbers = version.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) < service.oldest else {
            return .init("version", ok: true, message: version)
        }
        let (major, minor) = service.oldest
        return .init(
            "version",
            ok: false,
            message: "\(service.label) \(version) is too old: \(major).\(minor) or newer is needed."
        )
    }

    private func check(_ libraries: [MediaLibrary]) -> ConnectionReport.Check {
        let own = libraryPath.flatMap { $0.isEmpty ? nil : map.mapped($0) }
        let paths = own.map { [$0] } ?? map.targets
        // A library may also be a folder inside of the one that is named.
        let lost = paths.first { path in
            !libraries.contains { library in
                library.holds(path) || library.folders.contains { MediaPath(path).holds(MediaPath($0)) }
            }
        }
        if let lost {
            let message = LibraryMismatch(path: lost, libraries: libraries).message
            return .init("libraries", ok: false, field: "pathMappings", message: message)
        }
        let folders = libraries.flatMap { library in library.folders.map { "\(library.name): \($0)" } }
        guard !folders.isEmpty else {
            return .init("libraries", ok: false, message: "\(service.label) has no libraries yet. Add one there.")
        }
        return .init("libraries", ok: true, message: folders.prefix(20).joined(separator: "; "))
    }
}
