import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("The API of notifications", .timeLimit(.minutes(1)))
struct NotificationsAPITests {
    private func world() async throws -> (APIWorld, id: String) {
        let api = try await APIWorld()
        try await api.world.addNotifier("ear")
        try await api.world.store.announce([.sample("a"), .sample("b", .grabbed)], now: api.world.clock.now)
        let next = try #require(try api.world.store.nextNotification(of: "id-ear"))
        return (api, next.id)
    }

    /// The number of the notification, which can no longer be sent.
    private func giveUp(_ id: String, in api: APIWorld) async throws -> Int {
        let number = try #require(Int(id))
        let failure = PluginError(.notFound, "Gone.")
        try await api.world.store.markFailed(number, failure, isFinal: true, now: api.world.clock.now)
        return number
    }

    @Test("shows what was told and what waits, by status and notifier")
    func list() async throws {
        let (api, id) = try await world()
        try await api.world.store.markDelivered(try #require(Int(id)), now: api.world.clock.now)
        let all = await api.ask(.get, "/api/notifications").json
        #expect(all["totalRecords"] == 2 && all["items"]?.array?.map { $0["event"]?["id"] } == ["b", "a"])
        let waiting = await api.ask(.get, "/api/notifications?status=waiting&notifierId=id-ear").json
        let item = try #require(waiting["items"]?.array?.first)
        #expect(item["status"] == "waiting" && item["notifier"] == "ear" && item["event"]?["kind"] == "grabbed")
        #expect(await api.ask(.get, "/api/notifications?status=delivered").json["totalRecords"] == 1)
        #expect(await api.ask(.get, "/api/notifications?status=lost").status == 400)
        let described = try #require(OpenAPISchemas.all["Notification"]?["properties"]?.object)
        #expect(Set(try #require(item.object).keys).symmetricDifference(described.keys) == [])
    }

    @Test("sends one again that was given up, and refuses that for one that was delivered")
    func retry() async throws {
        let (api, id) = try await world()
        let number = try await giveUp(id, in: api)
        let failed = await api.ask(.get, "/api/notifications/\(id)").json
        #expect(failed["status"] == "failed" && failed["reason"] == "Gone." && failed["code"] == "not_found")
        let again = await api.ask(.post, "/api/notifications/\(id)/retry")
        #expect(again.status == 200 && again.json["status"] == "waiting" && again.json["attempts"] == 1)
        try await api.world.store.markDelivered(number, now: api.world.clock.now)
        #expect(await api.ask(.post, "/api/notifications/\(id)/retry").status == 409)
        #expect(await api.ask(.post, "/api/notifications/nothing/retry").status == 404)
    }

    @Test("events that were given up are a problem until they are sent or forgotten")
    func problem() async throws {
        let (api, id) = try await world()
        _ = try await giveUp(id, in: api)
        func found() async -> JSONValue? {
            await api.ask(.get, "/api/problems").json.array?.first { $0["code"] == "events_lost" }
        }
        let problem = try #require(await found())
        #expect(problem["source"] == "notifier" && problem["subjectId"] == "id-ear" && problem["level"] == "warning")
        #expect(problem["message"]?.string?.contains("Gone.") == true)
        _ = await api.ask(.post, "/api/notifications/\(id)/retry")
        #expect(await found() == nil)
    }

    @Test("a test of a notifier sends an event, and says when that fails")
    func test() async throws {
        let (api, _) = try await world()
        let passed = await api.ask(.post, "/api/notifiers/id-ear/test")
        #expect(passed.status == 200 && api.world.notifier("ear").taken.map(\.kind) == [.known(.test)])
        #expect(passed.json["checks"]?.array?.map { $0["name"] } == ["connection", "notification"])
        api.world.notifier("ear").fail(PluginError(.unauthorized, "Wrong token.", field: "password"))
        let failed = await api.ask(.post, "/api/notifiers/id-ear/test")
        #expect(failed.status == 400 && failed.json["error"] == "Wrong token.")
        #expect(failed.json["checks"]?.array?.last?["field"] == "password")
        api.world.notifier("ear").state.withLock { $0.supported = [.known(.imported)] }
        #expect(await api.ask(.post, "/api/notifiers/id-ear/test").json["checks"]?.array?.count == 1)
    }

    @Test("only an administrator may read and send again")
    func roles() async throws {
        let api = try await APIWorld()
        for (method, target) in [(HTTPMethod.get, ""), (.get, "/1"), (.post, "/1/retry")] {
            #expect(await api.ask(method, "/api/notifications" + target, key: nil).status == 401)
            #expect(await api.ask(method, "/api/notifications" + target, key: AccessKey.userSecret).status == 403)
        }
    }
}
