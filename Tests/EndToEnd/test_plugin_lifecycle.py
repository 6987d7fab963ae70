"""What becomes of plugins: tried alone, quarantined, switched, moved, exchanged, pinned; over HTTP and by command."""
import json
import unittest
from pathlib import Path

from harness import world
from harness.case import listed
from harness.compiler import compile_plugin, compiler
from harness.load import Load
from harness.server import KinodockServer
from rigs import wait_until
from test_plugins import PluginCase


class LifecycleCase(PluginCase):
    """A server with the real plugin and those that the test compiles."""

    def install(self, identifier: str, file: str = "plugin.so", **macros: str) -> Path:
        return compile_plugin(self.plugins / identifier / file, ID=f'"{identifier}"', **macros)

    def plugin(self, identifier: str) -> dict:
        return self.answers(self.api.get(f"/api/plugins/{identifier}"), 200).json

    def waits_for(self, identifier: str, state: str, seconds: float = 20) -> dict:
        def reached() -> bool:
            answer = self.api.get(f"/api/plugins/{identifier}")
            return answer.status == 200 and answer.json["state"] == state
        wait_until(reached, seconds, f"the plugin {identifier} to be {state}")
        return self.plugin(identifier)

    def act(self, identifier: str, verb: str, status: int = 200) -> dict:
        return self.answers(self.api.post(f"/api/plugins/{identifier}/{verb}"), status).json

    def runs(self, *words: str, code: int = 0) -> str:
        """What `kinodock plugins` prints."""
        done = self.server.command("plugins", *words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr


@unittest.skipIf(compiler() is None, "no C compiler")
class Stages(LifecycleCase):
    @classmethod
    def fill(cls) -> None:
        compile_plugin(cls.plugins / "aborts" / "plugin.so", ID='"aborts"', AT_LOAD="abort()")
        compile_plugin(cls.plugins / "leaves" / "plugin.so", ID='"leaves"', AT_LOAD="_exit(0)")
        compile_plugin(cls.plugins / "hangs" / "plugin.so", ID='"hangs"', AT_LOAD="for (;;) pause()")
        compile_plugin(cls.plugins / "good" / "plugin.so", ID='"good"')

    def test_what_came_with_the_server_runs_in_it_and_what_was_dropped_in_runs_alone(self) -> None:
        self.assertEqual(self.waits_for("qbittorrent", "active")["isolation"],
                         {"setting": "auto", "effective": "in-process"})
        good = self.waits_for("good", "active")
        self.assertEqual(good["isolation"], {"setting": "auto", "effective": "isolated"})
        self.assertEqual(len(good["sha256"]), 64)
        self.assertEqual(good["runner"], {"pid": None, "crashes": 0, "lastEnd": None})

    def test_files_that_crash_or_hang_when_they_are_loaded_are_quarantined_for_good(self) -> None:
        since = {}
        for name in ("aborts", "leaves", "hangs"):
            entry = self.waits_for(name, "quarantined", 30)
            self.says(entry["reason"])
            self.assertIn("retry", entry["actions"])
            since[name] = entry["since"]
        self.answers(self.api.get("/api/ping"), 200)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        for name, time in since.items():
            entry = self.waits_for(name, "quarantined", 2)
            self.assertEqual(entry["since"], time)
        self.waits_for("good", "active")

    def test_a_quarantined_file_is_tried_again_when_a_person_says_so_and_used_when_it_is_repaired(self) -> None:
        path = self.install("mended", AT_LOAD='if (access("/nowhere", F_OK)) abort()')
        self.waits_for("mended", "quarantined")
        first = self.plugin("mended")["sha256"]
        self.assertEqual(self.act("mended", "retry")["state"], "quarantined")
        compile_plugin(path, ID='"mended"')
        self.assertNotEqual(self.waits_for("mended", "active")["sha256"], first)

    def test_a_newer_version_takes_over_without_a_restart(self) -> None:
        self.install("newer")
        self.assertEqual(self.waits_for("newer", "active")["version"], "1.0.0")
        self.install("newer", VERSION='"1.1.0"')
        wait_until(lambda: self.plugin("newer")["version"] == "1.1.0", 20, "the newer version to be used")
        self.assertIsNone(self.plugin("newer")["reason"])

    def test_a_version_is_exchanged_under_load_and_no_call_is_lost(self) -> None:
        # It answers every call in the same way: a test, and what events it takes.
        answer = '"{\\"checks\\":[],\\"warnings\\":[],\\"events\\":[]}"'
        self.install("exchanged", ANSWER=answer)
        self.waits_for("exchanged", "active")
        body = {"name": "Exchanged", "implementation": "exchanged", "settings": {}}
        path = f"/api/notifiers/{self.answers(self.api.post('/api/notifiers', body), 201).json['id']}/test"
        load = Load()
        for number in range(4):
            load.add(f"tests {number}", lambda: self.api.post(path), 0.005)
        with load:
            for version in ("1.1.0", "1.2.0", "1.3.0"):
                built = compile_plugin(world.scratch() / f"exchanged-{version}.so", ID='"exchanged"', ANSWER=answer,
                                       VERSION=f'"{version}"')
                built.rename(self.plugins / "exchanged" / "plugin.so")
                wait_until(lambda: self.plugin("exchanged")["version"] == version, 20, f"version {version}")
        self.assertEqual(load.failures, [])


@unittest.skipIf(compiler() is None, "no C compiler")
class Actions(LifecycleCase):
    def test_where_a_plugin_runs_can_be_chosen_and_is_remembered(self) -> None:
        self.install("chosen")
        self.waits_for("chosen", "active")
        path = "/api/plugins/chosen/isolation"
        moved = self.answers(self.api.put(path, {"mode": "in-process"}), 200).json
        self.assertEqual(moved["isolation"], {"setting": "in-process", "effective": "in-process"})
        back = self.answers(self.api.put(path, {"mode": "isolated"}), 200).json
        self.assertEqual(back["isolation"], {"setting": "isolated", "effective": "isolated"})
        self.assertEqual((back["state"], back["code"]), ("active", "restart_needed"))
        self.refuses(self.api.put(path, {"mode": "elsewhere"}), 400)
        self.refuses(self.api.put("/api/plugins/nothing/isolation", {"mode": "auto"}), 404)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        again = self.waits_for("chosen", "active")
        self.assertEqual((again["isolation"]["setting"], again["code"]), ("isolated", None))

    def test_what_makes_no_sense_is_a_conflict(self) -> None:
        self.install("switched")
        self.waits_for("switched", "active")
        self.refuses(self.api.post("/api/plugins/switched/accept"), 409)
        self.assertEqual(self.act("switched", "disable")["actions"], ["enable", "isolate"])
        self.refuses(self.api.post("/api/plugins/switched/retry"), 409)
        self.assertEqual(self.act("switched", "enable")["state"], "active")
        self.refuses(self.api.get("/api/plugins/nothing"), 404)

    def test_commands_change_a_running_server_at_once(self) -> None:
        self.install("commanded")
        self.waits_for("commanded", "active")
        self.assertIn("commanded  1.0.0  disabled", self.runs("disable", "commanded"))
        self.assertEqual(self.plugin("commanded")["state"], "disabled")
        self.runs("enable", "commanded")
        self.assertEqual(self.plugin("commanded")["state"], "active")
        self.runs("isolation", "commanded", "in-process")
        self.assertEqual(self.plugin("commanded")["isolation"]["effective"], "in-process")
        self.runs("rescan")
        shown = json.loads(self.runs("--json"))
        self.assertEqual({entry["id"]: entry["sha256"] for entry in shown}["commanded"],
                         self.plugin("commanded")["sha256"])
        self.assertIn("nothing", self.runs("disable", "nothing", code=1))
        self.runs("disable", code=2)
        self.runs("isolation", "commanded", "nowhere", code=2)

    def test_commands_work_without_a_server_and_run_nothing_themselves(self) -> None:
        self.install("offline", AT_LOAD='if (getenv("KINODOCK_DATA_DIR")) abort()')
        self.waits_for("offline", "active")
        self.assertEqual(self.server.stop(), 0)
        try:
            self.assertIn("offline  1.0.0  active", self.runs())
            self.assertIn("offline  1.0.0  disabled", self.runs("disable", "offline"))
            self.runs("isolation", "offline", "isolated")
            self.assertIn("offline  1.0.0  disabled", self.runs())
        finally:
            self.server.start()
        kept = self.waits_for("offline", "disabled")
        self.assertEqual(kept["isolation"]["setting"], "isolated")
        self.act("offline", "enable")
        self.waits_for("offline", "active")


@unittest.skipIf(compiler() is None, "no C compiler")
class Deadly(LifecycleCase):
    def test_a_plugin_that_the_server_died_in_is_kept_out_of_it(self) -> None:
        # The environment tells the server from the process in which the file is tried.
        self.install("deadly", AT_LOAD='if (getenv("KINODOCK_ADMIN_KEY")) abort()')
        self.waits_for("deadly", "active")
        self.assertEqual(self.server.stop(), 0)
        self.runs("isolation", "deadly", "in-process")
        with self.assertRaises(Exception):
            self.server.start()
        self.server.start()
        kept = self.waits_for("deadly", "quarantined")
        self.assertEqual(kept["code"], "crashed_server")
        self.says(kept["reason"], "SIGABRT")
        self.answers(self.api.put("/api/plugins/deadly/isolation", {"mode": "auto"}), 200)
        moved = self.waits_for("deadly", "active")
        self.assertEqual(moved["isolation"]["effective"], "isolated")


@unittest.skipIf(compiler() is None, "no C compiler")
class Lock(LifecycleCase):
    @classmethod
    def make_server(cls) -> KinodockServer:
        server = super().make_server()
        server.data.mkdir(parents=True, mode=0o700)
        (server.data / "kinodock.conf").write_text("plugin-lock = on\n")
        return server

    @property
    def lock(self) -> Path:
        return self.server.data / "plugins.lock"

    def test_a_changed_file_waits_until_it_is_accepted(self) -> None:
        self.install("pinned")
        first = self.waits_for("pinned", "active")["sha256"]
        wait_until(lambda: f"{first}  pinned\n" in self.lock.read_text(), 10, "the first file to be pinned")
        self.install("pinned", VERSION='"1.0.1"')
        changed = self.waits_for("pinned", "quarantined")
        self.assertEqual((changed["code"], "accept" in changed["actions"]), ("changed", True))
        self.refuses(self.api.post("/api/plugins/pinned/retry"), 409)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.waits_for("pinned", "quarantined")
        self.runs("accept", "pinned")
        accepted = self.plugin("pinned")
        self.assertEqual((accepted["state"], accepted["version"]), ("active", "1.0.1"))
        self.assertIn(f"{accepted['sha256']}  pinned\n", self.lock.read_text())
        self.assertNotIn(first, self.lock.read_text())

    def test_a_broken_line_is_named(self) -> None:
        kept = self.lock.read_text()
        self.lock.write_text(kept + "nonsense\n")
        try:
            error = self.refuses(self.api.post("/api/plugins/rescan"), 409)
            self.says(error["error"], "plugins.lock", "nonsense")
        finally:
            self.lock.write_text(kept)
        self.answers(self.api.post("/api/plugins/rescan"), 200)


@unittest.skipIf(compiler() is None, "no C compiler")
class Many(LifecycleCase):
    COUNT = 30

    @classmethod
    def fill(cls) -> None:
        for number in range(cls.COUNT):
            compile_plugin(cls.plugins / f"many-{number}" / "plugin.so", ID=f'"many-{number}"')

    def test_thirty_are_found_quickly_and_again_at_once(self) -> None:
        def all_active() -> bool:
            every = listed(self.answers(self.api.get("/api/plugins"), 200))
            return sum(entry["state"] == "active" for entry in every) == self.COUNT + 1
        wait_until(all_active, 20, "thirty plugins to be active", every=0.02)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        # What was found before is there when the server is ready.
        self.assertTrue(all_active(), "the cache was of no use")
