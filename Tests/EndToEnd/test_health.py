"""A server that says what is wrong, what to do, and when it changes."""
from harness import world
from harness.case import ServerCase
from harness.server import client_body
from rigs import QBittorrent, wait_until
from rigs.process import free_port

ROOT = "/api/download-clients"
PROBLEMS = "/api/problems"


class FreshTest(ServerCase):
    """A test of a connection must not be answered by a session from before the password was changed."""

    def test_a_changed_password_is_found_while_the_session_goes_on(self) -> None:
        client = QBittorrent(world.folder("changing-qbittorrent"))
        try:
            self._check(client)
        finally:
            client.stop()

    def _check(self, client: QBittorrent) -> None:
        made = self.answers(self.api.post(ROOT, client_body(client)), 201).json
        path = f"{ROOT}/{made['id']}"
        self.answers(self.api.post(f"{path}/test"), 200)
        wait_until(lambda: self.status(path)["lastSuccess"], 20, "the client to be asked")
        # As a person does at the web page of qBittorrent; sessions that are open stay open there.
        client.set_preferences(web_ui_password="another-light-43")
        error = self.refuses(self.api.post(f"{path}/test"), 400)
        self.assertEqual(error["code"], "UNAUTHORIZED")
        (failed,) = [check for check in error["checks"] if not check["ok"]]
        self.assertEqual((failed["name"], failed["field"]), ("login", "password"))
        # The running session still works: a download is taken, and the client is asked on.
        item = self.answers(self.api.post("/api/queue", {"magnet": world.clip("Still.There").magnet}), 201).json
        self.wait_for_item(item["id"], lambda item: item["downloadId"] and item["status"] != "warning", 20, "the id")
        before = self.status(path)["lastSuccess"]
        wait_until(lambda: self.status(path)["lastSuccess"] > before, 20, "the client to be asked again")
        self.assertEqual(self.status(path)["health"], "healthy")
        self.assertNotIn("download_client", [problem["source"] for problem in self.api.get(PROBLEMS).json])
        # With the new password both work.
        self.answers(self.api.put(path, {"settings": made["settings"] | {"password": "another-light-43"}}), 200)
        self.answers(self.api.post(f"{path}/test"), 200)
        self.assertNotIn("another-light-43", self.server.log_text())

    def status(self, path: str) -> dict:
        return self.answers(self.api.get(path), 200).json["status"]


class Problems(ServerCase):
    def tearDown(self) -> None:
        for entry in self.api.get(ROOT).json:
            self.api.delete(f"{ROOT}/{entry['id']}")

    def add_unreachable(self, name: str) -> dict:
        body = {"name": name, "implementation": "qbittorrent", "settings": {"host": "127.0.0.1", "port": free_port()}}
        return self.answers(self.api.post(ROOT, body), 201).json

    def problem(self, name: str) -> dict | None:
        found = self.answers(self.api.get(PROBLEMS), 200).json
        return next((entry for entry in found if entry["name"] == name), None)

    def wait_for_problem(self, name: str, code: str = "unreachable") -> dict:
        def look() -> dict | None:
            found = self.problem(name)
            return found if found and found["code"] == code else None
        return wait_until(look, 20, f"a problem {code} of {name}")

    def test_a_client_that_cannot_be_reached_is_named_with_what_to_do(self) -> None:
        with self.server.admin_events() as events:
            made = self.add_unreachable("Gone")
            events.wait_for(lambda event: event.name == "problemAdded" and event.data["name"] == "Gone", 20, "it")
            changed = events.wait_for(lambda event: event.name == "instanceHealthChanged"
                                      and event.data["status"]["health"] == "warning", 20, "the health")
            self.assertEqual((changed.data["id"], changed.data["status"]["code"]), (made["id"], "unreachable"))
            problem = self.wait_for_problem("Gone")
            self.assertEqual((problem["source"], problem["code"], problem["subjectId"]),
                             ("download_client", "unreachable", made["id"]))
            self.says(problem["action"])
            # The request is one that the server takes.
            request = problem["request"]
            self.refuses(self.api.send(request["method"], request["path"]), 400)
            self.answers(self.api.delete(f"{ROOT}/{made['id']}"), 204)
            gone = events.wait_for(lambda event: event.name == "problemRemoved", 20, "its end")
            self.assertEqual(gone.data["id"], problem["id"])
        self.assertIsNone(self.problem("Gone"))

    def test_a_dismissed_problem_stays_away_over_a_restart_and_comes_back_when_it_came_again(self) -> None:
        made = self.add_unreachable("Dismissed")
        sentence = "The download client Dismissed does not work."
        self.wait_for_problem("Dismissed")
        # It becomes one that is left alone, which is another problem than one that failed once.
        wait_until(lambda: self.problem("Dismissed")["state"] == "failing", 30, "the third failure")
        problem = self.wait_for_problem("Dismissed")
        path = f"{PROBLEMS}/{problem['id']}/dismiss"
        self.assertIn(sentence, self.api.get("/api/health").json["problems"])
        self.assertIs(self.answers(self.api.post(path), 200).json["dismissed"], True)
        self.assertNotIn(sentence, self.api.get("/api/health").json["problems"])
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        again = self.wait_for_problem("Dismissed")
        self.assertEqual((again["id"], again["since"], again["dismissed"]), (problem["id"], problem["since"], True))
        self.assertIs(self.answers(self.api.delete(path), 200).json["dismissed"], False)
        self.assertIn(sentence, self.api.get("/api/health").json["problems"])
        self.answers(self.api.post(path), 200)
        # New settings begin anew; the next failure is another problem.
        self.answers(self.api.put(f"{ROOT}/{made['id']}", {"settings": made["settings"] | {"port": free_port()}}), 200)
        wait_until(lambda: (self.problem("Dismissed") or {}).get("dismissed") is False, 30, "the problem to be back")

    def test_a_plugin_that_is_switched_off_is_told_and_its_client_says_so(self) -> None:
        made = self.add_unreachable("Without")
        with self.server.admin_events() as events:
            self.answers(self.api.post("/api/plugins/qbittorrent/disable"), 200)
            changed = events.wait_for(lambda event: event.name == "pluginChanged", 20, "the plugin")
            listed = next(entry for entry in self.api.get("/api/plugins").json if entry["id"] == "qbittorrent")
            self.assertEqual(changed.data, listed)
            problem = self.wait_for_problem("Without", "plugin_unusable")
            request = problem["request"]
            self.answers(self.api.send(request["method"], request["path"]), 200)
            events.wait_for(lambda event: event.name == "pluginChanged" and event.data["state"] == "active", 20, "it")
        self.answers(self.api.delete(f"{ROOT}/{made['id']}"), 204)

    def test_events_are_for_administrators_and_have_numbers(self) -> None:
        self.refuses(self.api.as_nobody().get("/api/events"), 401)
        with self.server.admin_events() as events:
            self.assertEqual(events.status, 200)
            self.add_unreachable("Numbered")
            first = events.wait_for(lambda event: event.name == "problemAdded", 20, "an event")
        self.answers(self.api.delete(f"{ROOT}/{self.api.get(ROOT).json[0]['id']}"), 204)
        with self.server.admin_events(last_event_id=first.id) as events:
            missed = events.wait_for(lambda event: event.name == "problemRemoved", 20, "what was missed")
            self.assertGreater(int(missed.id), int(first.id))

    def test_metrics_count_problems(self) -> None:
        self.add_unreachable("Counted")
        self.wait_for_problem("Counted")
        self.assertIn('kinodock_problems{source="download_client"} 1\n', self.api.get("/metrics").text)
