import CKinodockPlugin
import Testing

/// Plugins in the field were built with these numbers.
///
/// A change of one of them breaks every plugin that exists, so it needs a new major version; additions go to the end of a table and raise the minor version.
@Suite("The layout of the binary contract, version 1.1")
struct HeaderLayoutTests {
    @Test("has the constants that plugins were built with")
    func constants() {
        #expect(KINODOCK_PLUGIN_MAGIC == 0x4B44_4B31)
        #expect(KINODOCK_ABI_MAJOR == 1)
        #expect(KINODOCK_ABI_MINOR == 1)
        #expect(KINODOCK_PLUGIN_SYMBOL == "kinodock_plugin_v1")
        #expect(KINODOCK_PLUGIN_SIZE_V1 == 56)
        #expect(KINODOCK_PLUGIN_SIZE_V1_1 == 64)
        #expect(KINODOCK_HOST_SIZE_V1 == 40)
        #expect(KINODOCK_CALL_SIZE_V1 == 88)
        #expect(KINODOCK_PLUGIN_INVOKE_RETURNS == 1)
        #expect([KINODOCK_LOG_DEBUG, KINODOCK_LOG_INFO, KINODOCK_LOG_WARNING, KINODOCK_LOG_ERROR] == [0, 1, 2, 3])
    }

    @Test("keeps the members of kinodock_plugin where they are")
    func plugin() {
        typealias Table = MemoryLayout<kinodock_plugin>
        #expect(Table.size == 64 && Table.alignment == 8)
        #expect(Table.offset(of: \.size) == 0)
        #expect(Table.offset(of: \.magic) == 4)
        #expect(Table.offset(of: \.major) == 8)
        #expect(Table.offset(of: \.minor) == 10)
        #expect(Table.offset(of: \.min_host_minor) == 12)
        #expect(Table.offset(of: \.flags) == 14)
        #expect(Table.offset(of: \.manifest) == 16)
        #expect(Table.offset(of: \.create) == 24)
        #expect(Table.offset(of: \.destroy) == 32)
        #expect(Table.offset(of: \.invoke) == 40)
        #expect(Table.offset(of: \.cancel) == 48)
        #expect(Table.offset(of: \.migrate) == 56)
    }

    @Test("keeps the members of kinodock_header where they are, and the names of the sections")
    func header() {
        typealias Header = MemoryLayout<kinodock_header>
        #expect(Header.size == 12 && Header.alignment == 4)
        #expect(Header.offset(of: \.magic) == 0)
        #expect(Header.offset(of: \.major) == 4)
        #expect(Header.offset(of: \.minor) == 6)
        #expect(Header.offset(of: \.min_host_minor) == 8)
        #expect(Header.offset(of: \.flags) == 10)
        #expect(KINODOCK_HEADER_SECTION == ".kinodock.header")
        #expect(KINODOCK_MANIFEST_SECTION == ".kinodock.manifest")
    }

    @Test("keeps the members of kinodock_host where they are")
    func host() {
        typealias Table = MemoryLayout<kinodock_host>
        #expect(Table.size == 40 && Table.alignment == 8)
        #expect(Table.offset(of: \.size) == 0)
        #expect(Table.offset(of: \.major) == 4)
        #expect(Table.offset(of: \.minor) == 6)
        #expect(Table.offset(of: \.context) == 8)
        #expect(Table.offset(of: \.log) == 16)
        #expect(Table.offset(of: \.invoke) == 24)
        #expect(Table.offset(of: \.cancel) == 32)
    }

    @Test("keeps the members of kinodock_call where they are")
    func call() {
        typealias Call = MemoryLayout<kinodock_call>
        #expect(Call.size == 88 && Call.alignment == 8)
        #expect(Call.offset(of: \.size) == 0)
        #expect(Call.offset(of: \.reserved) == 4)
        #expect(Call.offset(of: \.id) == 8)
        #expect(Call.offset(of: \.deadline_ms) == 16)
        #expect(Call.offset(of: \.method) == 24)
        #expect(Call.offset(of: \.json) == 40)
        #expect(Call.offset(of: \.attachment) == 56)
        #expect(Call.offset(of: \.context) == 72)
        #expect(Call.offset(of: \.reply) == 80)
    }

    @Test("keeps the members of kinodock_bytes where they are")
    func bytes() {
        typealias Bytes = MemoryLayout<kinodock_bytes>
        #expect(Bytes.size == 16)
        #expect(Bytes.offset(of: \.data) == 0)
        #expect(Bytes.offset(of: \.count) == 8)
    }
}
