import FoundationEssentials
import Glibc
import PluginAPI

/// Looks whether peers can be listened for.
struct PortCheck: Sendable {
    private static let name = "port for peers"

    let settings: LibTorrentSettings

    func run(_ report: inout ConnectionReport) {
        guard settings.listenPort != 0 else { return add("A free one is taken at each start.", to: &report) }
        let problem = tryToBind()
        switch problem {
        case 0: add("Port \(settings.listenPort) is free.", to: &report)
        case EADDRINUSE where isOwn: add("Kinodock listens on it already.", to: &report)
        case EADDRINUSE:
            // No obstacle: the engine tries the ones above.
            add("Another program uses port \(settings.listenPort), so one above it is taken.", to: &report)
            let words = "A port \(settings.listenPort) that is forwarded in a router leads to another program. "
            report.warnings.append(
                .init("port_taken", words + "Choose another one, or end that program.", field: "listenPort")
            )
        case EACCES:
            add("Ports below 1024 belong to the system. Choose a higher one.", ok: false, to: &report)
        default:
            add("It cannot be opened: \(String(cString: strerror(problem))).", ok: false, to: &report)
        }
    }

    private func add(_ words: String, ok: Bool = true, to report: inout ConnectionReport) {
        report.checks.append(.init(Self.name, ok: ok, field: "listenPort", message: words))
    }

    /// - Returns: an errno value, or 0.
    private func tryToBind() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var one: Int32 = 1
        // As the engine does: connections of an earlier run that fade away are no obstacle.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: settings.listenPort)).bigEndian
        address.sin_addr.s_addr = firstAddress
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
        guard isBound else { return errno }
        return listen(descriptor, 1) == 0 ? 0 : errno
    }

    /// The first address of the settings, or any for an interface and for none.
    private var firstAddress: in_addr_t {
        let first = settings.listenAddress.split(separator: ",").first.map { $0.filter { !$0.isWhitespace } } ?? ""
        var address = in_addr()
        return inet_pton(AF_INET, first, &address) == 1 ? address.s_addr : in_addr_t(0)
    }

    /// Whether a socket of this very process listens on the port.
    private var isOwn: Bool {
        let sockets = Self.listeners(on: settings.listenPort)
        guard !sockets.isEmpty, let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return false }
        return names.contains { name in
            var buffer = [CChar](repeating: 0, count: 64)
            let count = readlink("/proc/self/fd/\(name)", &buffer, buffer.count)
            let link = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return sockets.contains(link)
        }
    }

    /// The sockets that listen on a TCP port, as links in /proc are called: `socket:[12345]`.
    private static func listeners(on port: Int) -> Set<String> {
        var found: Set<String> = []
        for table in ["/proc/self/net/tcp", "/proc/self/net/tcp6"] {
            guard let file = fopen(table, "re") else { continue }
            defer { fclose(file) }
            // Line by line: such a file comes in pieces, however large a read is.
            var line = [CChar](repeating: 0, count: 512)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                if let socket = listener(text, on: port) { found.insert(socket) }
            }
        }
        return found
    }

    /// - Parameter line: columns of proc(5): number, local address, remote address, state (0A listens), ..., inode.
    private static func listener(_ line: String, on port: Int) -> String? {
        let columns = line.split(separator: " ")
        guard columns.count > 9, columns[3] == "0A", let digits = columns[1].split(separator: ":").last,
            Int(digits, radix: 16) == port
        else { return nil }
        return "socket:[\(columns[9])]"
    }
}
