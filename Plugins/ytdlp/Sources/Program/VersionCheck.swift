/// Makes sure once that the program is new enough.
actor VersionCheck {
    private let tool: Tool
    private var version: ProgramVersion?

    init(tool: Tool) {
        self.tool = tool
    }

    /// - Throws: as `Tool.version`; the next call looks again.
    func check() async throws {
        if version == nil { version = try await tool.version() }
    }
}
