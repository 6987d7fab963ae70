import Testing

@testable import Host

/// Ends an import at every single step on the disk and in the journal, and looks at what a restart makes of it.
@Suite(.timeLimit(.minutes(5)))
struct ImportCrashTests {
    @Test(
        "leaves nothing or the whole work, and never loses it",
        arguments: ImportScenario.all,
        KillSwitch.Manner.allCases
    )
    func crash(scenario: ImportScenario, manner: KillSwitch.Manner) async throws {
        var steps = 1
        while try await isReached(steps, manner, scenario) {
            steps += 1
            try #require(steps < 300)
        }
        #expect(steps > 3)
    }

    /// Runs an import that dies or fails at a step, and what follows; answers whether it came as far as that step.
    private func isReached(_ steps: Int, _ manner: KillSwitch.Manner, _ scenario: ImportScenario) async throws -> Bool {
        let stage = try ImportStage(scenario)
        let killSwitch = KillSwitch(after: steps, manner)
        await stage.importOnce("import-1", killSwitch)
        stage.checkVisible()
        // The same process tries again at once, and settles first what it has left behind.
        if manner != .failsOnce { try await restart(stage, steps) }
        if !stage.isRecorded { try await stage.importAgain("import-2") }
        try await stage.recover()
        stage.checkEnd("\(manner) at step \(steps)")
        #expect(try await stage.journal.entries().isEmpty)
        return killSwitch.isSpent
    }

    /// What the host does when it starts.
    private func restart(_ stage: ImportStage, _ steps: Int) async throws {
        // The process may end again while it recovers.
        await stage.recover(KillSwitch(after: steps % 4 + 1, .killsAfter))
        stage.checkVisible()
        let results = try await stage.recover()
        stage.checkMiddle()
        if results.contains(where: { $0.outcome == .undone }) { stage.checkUndone() }
        #expect(try await stage.recover().isEmpty)
    }
}
