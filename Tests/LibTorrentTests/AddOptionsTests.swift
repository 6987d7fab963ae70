import PluginAPI
import Testing

@testable import LibTorrent

struct AddOptionsTests {
    @Test("reads what this client knows")
    func known() throws {
        let options = try AddOptions(["sequential": true, "downloadLimit": 100, "uploadLimit": 0])
        #expect(options.sequential == true)
        #expect(options.downloadLimit == 100_000)
        #expect(options.uploadLimit == 0)
    }

    @Test(
        "refuses what it does not know, and names it",
        arguments: [
            ("speed", JSONValue.integer(1)), ("sequential", "yes"), ("downloadLimit", -1), ("uploadLimit", "fast"),
            ("downloadLimit", 1e300),
        ]
    )
    func unknown(key: String, value: JSONValue) throws {
        let error = #expect(throws: PluginError.self) { try AddOptions([key: value]) }
        #expect(error?.code == .known(.invalid))
        #expect(error?.field == "options.\(key)")
    }
}
