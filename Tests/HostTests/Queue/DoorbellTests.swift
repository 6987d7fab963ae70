import Testing

@testable import Host

@Suite("The doorbell", .timeLimit(.minutes(1)))
struct DoorbellTests {
    private let bell = Doorbell()
    private let sleeper = ManualSleeper()

    @Test("lets a loop sleep until its time is over")
    func time() async {
        async let end: Void = bell.wait(for: .seconds(30), clock: sleeper)
        #expect(await sleeper.nextSleep() == .seconds(30))
        sleeper.advance(by: .seconds(30))
        await end
    }

    @Test("wakes a loop that sleeps")
    func ring() async {
        async let end: Void = bell.wait(for: .seconds(30), clock: sleeper)
        _ = await sleeper.nextSleep()
        bell.ring()
        await end
    }

    @Test("remembers one ring that came before the sleep, and only one")
    func early() async {
        bell.ring()
        bell.ring()
        await bell.wait(for: .seconds(30), clock: sleeper)
        let isAwake = Recorder<Bool>()
        let loop = Task {
            await bell.wait(for: .seconds(40), clock: sleeper)
            isAwake.add(true)
        }
        var sleep = await sleeper.nextSleep()
        if sleep == .seconds(30) { sleep = await sleeper.nextSleep() }
        #expect(sleep == .seconds(40) && isAwake.all.isEmpty)
        bell.ring()
        await loop.value
    }

    @Test("a loop whose task ends does not sleep on")
    func cancelled() async {
        let loop = Task { await bell.wait(for: .seconds(30), clock: sleeper) }
        _ = await sleeper.nextSleep()
        loop.cancel()
        await loop.value
    }

    @Test("a bell that was taken away rings for the loop that waits at it")
    func removed() async {
        let bells = Doorbells()
        let bell = bells.doorbell("a")
        #expect(bells.doorbell("a") === bell)
        async let end: Void = bell.wait(for: .seconds(30), clock: sleeper)
        _ = await sleeper.nextSleep()
        bells.remove("a")
        await end
        #expect(bells.doorbell("a") !== bell)
    }
}
