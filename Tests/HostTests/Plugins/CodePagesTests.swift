import FoundationEssentials
import PluginAPI
import Testing

@testable import PluginHosting

@Suite("The memory of a plugin's code", .timeLimit(.minutes(1)))
struct CodePagesTests {
    @Test("can be given back at any time: the plugin goes on")
    func released() async throws {
        let candidate = FixturePlugins.candidate("c-echo")
        let client = RemoteDownloadClient(try await FixturePlugins.echo(of: candidate))
        for _ in 0..<3 {
            _ = try await client.item("nothing")
            CodePages.release(candidate.path)
        }
        _ = try await client.item("nothing")
    }

    @Test("is what the file holds, for a library whose code the loader leaves alone")
    func unchanged() throws {
        #expect(try !PluginPreview.read(FixturePlugins.candidate("c-echo")).relocatesCode)
    }
}
