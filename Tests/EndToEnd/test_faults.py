"""Plugins that crash, hang, lie and leak, each in a process of its own: nobody else notices."""
import json
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from harness import world
from harness.case import ServerCase, listed
from harness.compiler import compile_fault, compile_plugin, compiler, cpp_compiler
from harness.load import Load
from harness.process import Usage, processes_with, zombies_of
from harness.server import PROGRAM, KinodockServer
from harness.wire import Api, Reply
from rigs import wait_until
from test_plugins import REAL, place

SECRET = "word-of-the-fault"
CRASHED = ("PLUGIN_CRASHED",)
TOO_LATE = ("DEADLINE_EXCEEDED",)
BAD_ANSWER = ("BAD_RESPONSE",)
FINE = ("",)

SWIFT_ECHO = PROGRAM.parent / "libSwiftEchoPlugin.so"

# What the test of a connection comes to: the code of the failure, or "" when it works.
OUTCOMES = {
    "segfault": CRASHED, "abort-in-thread": CRASHED, "exit": CRASHED, "exit-at-once": CRASHED,
    "stack-overflow": CRASHED, "throws": CRASHED, "crash-in-create": CRASHED, "leaves-child": CRASHED,
    "closes-protocol": CRASHED, "leaks-memory": CRASHED,
    "hang": TOO_LATE, "never-replies": TOO_LATE, "replies-after-cancel": TOO_LATE, "replies-after-destroy": TOO_LATE,
    "hang-in-cancel": TOO_LATE, "crash-in-cancel": TOO_LATE, "hang-in-create": TOO_LATE,
    "giant-json": BAD_ANSWER, "giant-attachment": BAD_ANSWER, "bad-json": BAD_ANSWER, "bad-utf8": BAD_ANSWER,
    "bad-failure": BAD_ANSWER,
    "writes-garbage": (*CRASHED, *BAD_ANSWER),
    # The answer goes out before the crash, but it may be overtaken.
    "crash-when-idle": (*FINE, *CRASHED), "crash-in-destroy": FINE,
    # As many as the system allows, after which such a plugin may fail as it likes.
    "leaks-descriptors": (*FINE, *CRASHED), "leaks-threads": (*FINE, *CRASHED),
    "secret-in-error": ("UNAUTHORIZED",), "secret-in-log": FINE, "secret-printed": FINE,
    "hang-in-destroy": FINE, "replies-twice": FINE, "prints": FINE, "prints-lines": FINE, "prints-errors": FINE,
    "prints-one-line": FINE, "logs-much": FINE, "spawns": FINE, "ignores-signals": FINE, "newer-minor": FINE,
    # What it closes may be of those who run it.
    "closes-foreign": (*FINE, *CRASHED),
}
if cpp_compiler() is None:
    del OUTCOMES["throws"]

# What is seen before a plugin is used for the first time, and a word of the reason.
REFUSALS = {
    "crash-on-load": ("SIGSEGV", "signal 11", "crash"), "exit-on-load": ("ended", "exit"),
    "abort-in-entry": ("SIGABRT", "signal 6", "crash"), "hang-on-load": ("10 s", "second", "time"),
    "hang-in-entry": ("10 s", "second", "time"),
}
REFUSED = ("failed", "incompatible", "quarantined")


def body(fault: str, **more: object) -> dict:
    """An instance of a plugin with a fault."""
    return {"name": f"Fault {fault}", "implementation": f"fault-{fault}", "enabled": True, "priority": 9,
            "settings": {"password": SECRET}} | more


@unittest.skipUnless((PROGRAM.parent / "kinodock-runner").exists(), "there is no kinodock-runner")
@unittest.skipIf(compiler() is None, "no C compiler")
class FaultCase(ServerCase):
    """A server with the real plugin and a sound one, which work all the time while others fail."""

    faults: tuple[str, ...] = ()

    @classmethod
    def make_server(cls) -> KinodockServer:
        cls.plugins = world.folder(cls.__name__ + "-plugins")
        place(REAL, cls.plugins / "qbittorrent")
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(cls.drop, ("none", *cls.faults)))
        return KinodockServer(world.folder(cls.__name__), plugins=cls.plugins)

    @classmethod
    def drop(cls, fault: str) -> None:
        """Drops a plugin in, complete at once."""
        unfinished = world.scratch() / f"{cls.__name__}-fault-{fault}"
        compile_fault(unfinished / "plugin.so", fault)
        unfinished.rename(cls.plugins / f"fault-{fault}")

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        for plugin in ("qbittorrent", "fault-none"):
            wait_until(lambda word=plugin: cls.api.get(f"/api/plugins/{word}").json.get("state") == "active", 60,
                       f"{plugin} to be active")
        client = cls.server.add_client(world.qbittorrent(), name="Real", category="faults")
        sound = cls.api.post("/api/download-clients", body("none")).json["id"]
        cls.healthy = {"qBittorrent": client, "sound": sound}

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        # A runner ends with its server, and what a plugin has started ends with the runner.
        wait_until(lambda: not processes_with(str(cls.plugins)), 10, "the processes of all plugins to end")
        if SECRET in cls.server.log_text():
            raise AssertionError("a secret that a plugin has told stands in the log")

    def load(self) -> Load:
        """What works all the time."""
        load = Load().add("pings", lambda: self.api.get("/api/ping"))
        for name, identifier in self.healthy.items():
            path = f"/api/download-clients/{identifier}/test"
            load.add(f"tests of {name}", lambda path=path: self.api.post(path), 0.1)
        return load

    def state(self, fault: str) -> dict:
        """What the server says about a plugin."""
        every = listed(self.answers(self.api.get("/api/plugins"), 200))
        return next((entry for entry in every if f"fault-{fault}" in json.dumps(entry)), {})

    def wait_for_state(self, fault: str, *states: str, seconds: float = 30) -> dict:
        return wait_until(lambda: (entry := self.state(fault)).get("state") in states and entry, seconds,
                          f"fault-{fault} to be {' or '.join(states)}")

    def try_out(self, fault: str) -> Reply:
        # The server itself waits for 20 seconds.
        patient = Api(self.api.port, self.api.key, timeout=60)
        reply = patient.post("/api/download-clients/test", body(fault))
        self.assertNotIn(SECRET, reply.text, f"{fault} told its secret")
        return reply

    def stays(self) -> None:
        """Asserts that the server is the one that was started."""
        self.assertTrue(self.server.runs, f"the server has ended: {self.server.child.tail()}")

    def leaks_nothing(self, before: Usage) -> None:
        """Asserts that threads, descriptors, memory and processes are what they were."""
        pid = self.server.child.pid

        def is_back() -> bool:
            now = Usage.least_of(pid, 1)
            self.now = now
            return now.threads <= before.threads + 2 and now.descriptors <= before.descriptors + 2
        try:
            wait_until(is_back, 30, "threads and descriptors to be given back", every=0.5)
        except AssertionError as error:
            left = "\n".join(processes_with(str(self.plugins)).values())
            raise AssertionError(f"{error}; before: {before}, now: {self.now}, processes:\n{left}") from None
        self.assertLess(self.now.resident_mb, before.resident_mb + 64, f"before: {before}, now: {self.now}")
        self.assertEqual(zombies_of(pid), [])


class FaultsWhileLoading(FaultCase):
    def test_they_are_found_before_the_plugin_is_used_and_said_in_words(self) -> None:
        before = Usage.least_of(self.server.child.pid, 1)
        with self.load() as load:
            for fault in REFUSALS:
                self.drop(fault)
            self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
            for fault, words in REFUSALS.items():
                with self.subTest(fault=fault):
                    entry = self.wait_for_state(fault, *REFUSED, seconds=60)
                    self.says(entry["reason"])
                    self.assertTrue(any(word in entry["reason"] for word in words), entry["reason"])
        self.assertEqual(load.failures, [])
        self.stays()
        self.leaks_nothing(before)
        for fault in REFUSALS:
            self.assertEqual(processes_with(f"fault-{fault}/"), {}, "what was tried out has not ended")
        print(f"       meanwhile {load}", flush=True)

    def test_what_a_plugin_starts_when_it_is_looked_at_ends_with_it(self) -> None:
        self.drop("spawns-on-load")
        self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
        self.wait_for_state("spawns-on-load", "active")
        wait_until(lambda: not processes_with("fault-spawns-on-load/"), 15, "the child of a scan to end")

    def test_a_table_that_is_wrong_is_refused_without_a_process(self) -> None:
        compile_plugin(self.plugins / "wrong-magic.so", ID='"wrong-magic"', MAGIC="0x11223344")
        compile_plugin(self.plugins / "short.so", ID='"short"', SIZE="24")
        compile_plugin(self.plugins / "major.so", ID='"major"', ENTRY="kinodock_plugin_v2")
        self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
        for word in ("wrong-magic", "short", "major"):
            def refused(word: str = word) -> bool:
                every = listed(self.api.get("/api/plugins"))
                entry = next((entry for entry in every if f"/{word}.so" in json.dumps(entry)), {"state": "unseen"})
                return entry["state"] in REFUSED and len(entry["reason"].split()) > 4
            wait_until(refused, 30, f"{word}.so to be refused in words")


class FaultsInCalls(FaultCase):
    """Every fault at once, so that those that take the whole of a deadline do so side by side."""

    faults = tuple(OUTCOMES)

    def test_each_is_told_in_words_and_nobody_else_notices(self) -> None:
        for fault in OUTCOMES:
            self.wait_for_state(fault, "active")
        before = Usage.least_of(self.server.child.pid, 1)
        with self.load() as load, ThreadPoolExecutor(16) as pool:
            outcomes = dict(zip(OUTCOMES, pool.map(self.outcome, OUTCOMES)))
        for fault, (reply, seconds) in outcomes.items():
            with self.subTest(fault=fault):
                self.assertIn(code_of(reply), OUTCOMES[fault], str(reply))
                self.assertNotIn(SECRET, reply.text)
                self.assertLess(seconds, 40, str(reply))
                if code_of(reply):
                    self.says(reply.json.get("error"))
        self.assertEqual(load.failures, [])
        self.stays()
        print(f"       meanwhile {load}", flush=True)
        self.leaks_nothing(before)
        for fault in ("spawns", "leaves-child"):
            wait_until(lambda word=f"fault-{fault}/": not [line for line in processes_with(word).values()
                                                            if line.startswith("kdk-fault-child")],
                       20, f"the children of fault-{fault} to end")

    def outcome(self, fault: str) -> tuple[Reply, float]:
        began = time.monotonic()
        reply = self.try_out(fault)
        return reply, time.monotonic() - began


class FaultsOfSavedInstances(FaultCase):
    faults = ("segfault", "secret-in-log", "secret-printed", "ignores-signals", "spawns", "hang-in-destroy")

    def add(self, fault: str) -> str:
        return self.answers(self.api.post("/api/download-clients", body(fault)), 201).json["id"]

    def test_a_crash_over_and_over_is_told_each_time_and_then_given_up_with_words(self) -> None:
        path = f"/api/download-clients/{self.add('segfault')}/test"
        with self.load() as load:
            for _ in range(12):
                reply = self.api.post(path)
                self.assertEqual(reply.status, 400, str(reply))
                self.says(reply.json["error"])
        self.assertEqual(load.failures, [])
        self.stays()
        runner = self.state("segfault")["runner"]
        self.assertGreater(runner["crashes"], 0)
        self.assertIn("SIGSEGV", runner["lastEnd"])

    @unittest.skipUnless(SWIFT_ECHO.exists(), f"there is no {SWIFT_ECHO.name}")
    def test_a_fatal_error_in_swift_ends_the_plugin_alone_and_stands_in_the_log(self) -> None:
        place(SWIFT_ECHO, self.plugins / "swift-echo")
        wait_until(lambda: self.api.get("/api/plugins/swift-echo").json.get("state") == "active", 20, "swift-echo")
        made = {"name": "Swift", "implementation": "swift-echo", "settings": {"host": "crash"}}
        with self.load() as load:
            reply = self.api.post("/api/download-clients/test", made)
            self.assertEqual(code_of(reply), *CRASHED, str(reply))
        self.assertEqual(load.failures, [])
        self.stays()
        wait_until(lambda: "This is what was asked for" in self.server.log_text(), 10, "its last words in the log")

    def test_a_secret_reaches_no_log(self) -> None:
        for fault, lines in (("secret-in-log", 1), ("secret-printed", 3)):
            path = f"/api/download-clients/{self.add(fault)}/test"
            self.answers(self.api.post(path), 200)
            wait_until(lambda count=lines: self.server.log_text().count("login with") == count, 10,
                       f"{lines} lines of plugins in the log")
            self.assertNotIn(SECRET, self.server.log_text(), fault)

    def test_a_plugin_that_is_switched_off_is_gone_whatever_it_does(self) -> None:
        for fault in ("ignores-signals", "spawns", "hang-in-destroy"):
            with self.subTest(fault=fault):
                identifier = self.add(fault)
                self.answers(self.api.post(f"/api/download-clients/{identifier}/test"), 200)
                self.assertNotEqual(processes_with(f"fault-{fault}/"), {}, "it does not run on its own")
                self.answers(self.api.post(f"/api/plugins/fault-{fault}/disable"), 200, 204)
                wait_until(lambda word=f"fault-{fault}/": not processes_with(word), 20, f"fault-{fault} to end")
                self.answers(self.api.delete(f"/api/download-clients/{identifier}"), 204)


class FaultsAtTheEnd(FaultCase):
    faults = ("hang", "holds-on", "ignores-signals", "spawns")

    def test_a_server_that_is_killed_leaves_no_process_behind(self) -> None:
        for fault in ("ignores-signals", "spawns"):
            self.answers(self.try_out(fault), 200)
        with ThreadPoolExecutor(2) as pool:
            held = pool.submit(self.try_out, "holds-on")
            wait_until(lambda: processes_with("fault-holds-on/"), 10, "the plugin to hold on")
            time.sleep(1)
            self.server.kill()
            held.exception(30)
        wait_until(lambda: not processes_with(str(self.plugins)), 10, "the processes of all plugins to end")
        self.server.start()

    def test_a_server_ends_in_time_while_plugins_hang(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            hanging = pool.submit(self.try_out, "hang")
            wait_until(lambda: processes_with("fault-hang/"), 10, "the plugin to hang")
            began = time.monotonic()
            self.assertEqual(self.server.stop(seconds=20), 0)
            self.assertLess(time.monotonic() - began, 15)
            hanging.exception(30)
        wait_until(lambda: not processes_with(str(self.plugins)), 10, "the processes of all plugins to end")
        self.server.start()


def code_of(reply: Reply) -> str:
    """The code of a connection test that has failed, or "" of one that works."""
    return "" if reply.status == 200 else str(reply.json.get("code"))
