import Glibc

/// What the system's loader would not find if it loaded a library.
///
/// The loader itself is asked, in a process of its own and in the mode of `ldd -r`: it looks for libraries and symbols
/// but runs no code of the library.
struct LoaderTrace: Hashable, Sendable {
    /// The libraries that are not installed.
    private(set) var missingLibraries: [String] = []
    /// The functions and variables that no library gives.
    private(set) var missingSymbols: [String] = []
    /// Versions that an installed library does not have, as the loader says it.
    private(set) var missingVersions: [String] = []

    /// - Returns: `nil` when the loader cannot be asked.
    init?(of path: String) {
        guard let loader = LoadedFiles.loader else { return nil }
        let environment = [
            "LD_TRACE_LOADED_OBJECTS=1", "LD_WARN=1", "LD_BIND_NOW=1",
            // A library that the server has loaded is found by its name, wherever it is.
            "LD_LIBRARY_PATH=" + LoadedFiles.folders.joined(separator: ":"),
        ]
        guard let text = ProgramOutput.read(loader, [path], environment: environment) else { return nil }
        self.init(text: text)
    }

    /// Reads what the loader prints.
    init(text: String) {
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasSuffix("=> not found") {
                missingLibraries.append(String(line.prefix { $0 != " " }))
            } else if line.hasPrefix("undefined symbol: ") {
                missingSymbols.append(String(line.dropFirst(18).prefix { $0 != "\t" && $0 != " " && $0 != "," }))
            } else if line.contains(": version `"), line.contains("' not found") {
                missingVersions.append(String(line))
            }
        }
    }
}

/// The files that this process has mapped.
private enum LoadedFiles {
    static let all: Set<String> = {
        guard let file = fopen("/proc/self/maps", "re") else { return [] }
        defer { fclose(file) }
        var found: Set<String> = []
        var line = [CChar](repeating: 0, count: 8192)
        while fgets(&line, Int32(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:))
            guard let start = bytes.firstIndex(of: UInt8(ascii: "/")) else { continue }
            found.insert(String(decoding: bytes[start...], as: UTF8.self))
        }
        return found
    }()

    static var loader: String? {
        all.sorted().first { path in
            let name = path.split(separator: "/").last ?? ""
            return name.hasPrefix("ld-linux") || name.hasPrefix("ld-2")
        }
    }

    static var folders: [String] {
        let libraries = all.filter { $0.contains(".so") }
        return Set(libraries.map { $0.split(separator: "/").dropLast().map { "/" + $0 }.joined() }).sorted()
    }
}
