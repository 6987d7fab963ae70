"""A plugin ends the server in every way there is: the next start says which plugin it was."""
import http.client
import shutil
import signal
import threading
import unittest
from hashlib import sha256
from pathlib import Path

from harness import world
from harness.case import ServerCase
from harness.compiler import compile_fault, compiler
from harness.server import PROGRAM, KinodockServer
from rigs import wait_until

# Its instances have the fault that their settings name.
PLUGIN = "fault-none"
WORD = f"plugin={PLUGIN}"


def put_into_server(case: ServerCase, identifier: str) -> None:
    """Has a plugin run in the server's process, also after it has ended that."""
    path = f"/api/plugins/{identifier}"

    def entry() -> dict:
        answer = case.api.get(path)
        return answer.json if answer.status == 200 else {"state": "missing"}
    wait_until(lambda: entry()["state"] not in ("discovered", "missing"), 20, f"{identifier} to be known")
    case.answers(case.api.put(f"{path}/isolation", {"mode": "in-process"}), 200)
    if entry()["state"] == "quarantined":
        case.answers(case.api.post(f"{path}/retry"), 200)
    wait_until(lambda: entry()["state"] == "active" and entry()["isolation"]["effective"] == "in-process", 20,
               f"{identifier} to be in the server")


class SentinelCase(ServerCase):
    @classmethod
    def make_server(cls) -> KinodockServer:
        cls.plugins = world.folder(cls.__name__ + "-plugins")
        compile_fault(cls.plugins / PLUGIN / "plugin.so", "none")
        return KinodockServer(world.folder(cls.__name__), plugins=cls.plugins)

    @property
    def sentinel(self) -> Path:
        return self.server.data / "plugins.sentinel"

    def setUp(self) -> None:
        if not self.server.runs:
            self.server.start()
        put_into_server(self, PLUGIN)

    def call(self, fault: str) -> None:
        """Has the plugin called; whether there is an answer depends on the fault."""
        body = {"name": fault, "implementation": PLUGIN, "settings": {"fault": fault}}
        try:
            self.api.post("/api/notifiers/test", body)
        except (OSError, http.client.HTTPException):
            pass

    def dies(self, fault: str) -> int:
        """Has the plugin end the server, and returns the exit code."""
        put_into_server(self, PLUGIN)
        self.call(fault)
        return self.server.child.wait(20)

    def words_at_next_start(self) -> str:
        """What the next start logs about this one: lines with level and message."""
        before = self.server.log.stat().st_size
        self.server.start()
        with self.server.log.open("rb") as log:
            log.seek(before)
            lines = log.read().decode("utf-8", "replace").splitlines()
        return "\n".join(line for line in lines if " warning " in line)

    def change_boot(self) -> None:
        """Makes the file one of another run of the machine, as after a power cut."""
        boot = Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
        content = self.sentinel.read_bytes()
        self.assertIn(boot, content)
        self.sentinel.write_bytes(content.replace(boot, boot[::-1]))


@unittest.skipIf(compiler() is None, "no C compiler")
class Deaths(SentinelCase):
    is_slow = True

    def test_a_crash_names_the_plugin_and_keeps_its_exit_status(self) -> None:
        for fault, number, occasion in (
            ("segfault", signal.SIGSEGV, "while it was called"),
            ("abort", signal.SIGABRT, "while it was called"),
            ("trap", signal.SIGILL, "while it was called"),
            ("calls-nothing", signal.SIGSEGV, "while it was called"),
            ("smash", signal.SIGSEGV, "while it was called"),
            ("stack-overflow", signal.SIGSEGV, "while it was called"),
            ("abort-in-thread", signal.SIGABRT, "on a thread of its own"),
            ("crash-in-thread", signal.SIGSEGV, "on a thread of its own"),
            ("overflow-in-thread", signal.SIGSEGV, "on a thread of its own"),
        ):
            with self.subTest(fault=fault):
                self.assertEqual(self.dies(fault), -number)
                words = self.words_at_next_start()
                for word in (f"The plugin {PLUGIN} crashed the server", occasion, number.name, WORD):
                    self.assertIn(word, words)

    def test_the_file_is_named_by_its_hash(self) -> None:
        self.dies("segfault")
        digest = sha256((self.plugins / PLUGIN / "plugin.so").read_bytes()).hexdigest()
        self.assertIn(digest, self.words_at_next_start())

    def test_an_exit_names_the_plugin(self) -> None:
        for fault, code, occasion in (("exit", 3, "called"), ("exit-at-once", 4, "called"),
                                      ("exit-in-thread", 5, "thread")):
            with self.subTest(fault=fault):
                self.assertEqual(self.dies(fault), code)
                words = self.words_at_next_start()
                for word in (f"The plugin {PLUGIN} ended the server", f"exit with code {code}", occasion, WORD):
                    self.assertIn(word, words)

    def test_a_sudden_end_in_a_call_names_the_plugin(self) -> None:
        for fault in ("killed", "system-call", "crash-unseen"):
            with self.subTest(fault=fault):
                self.dies(fault)
                words = self.words_at_next_start()
                for word in (f"without a word during a call of the plugin {PLUGIN}", WORD):
                    self.assertIn(word, words)

    def test_a_crash_is_told_once(self) -> None:
        self.dies("segfault")
        self.assertIn(WORD, self.words_at_next_start())
        put_into_server(self, PLUGIN)
        self.assertEqual(self.server.stop(), 0)
        self.assertNotIn(WORD, self.words_at_next_start())

    def test_it_names_the_plugin_after_the_machine_was_started_anew(self) -> None:
        self.dies("segfault")
        self.change_boot()
        self.assertIn(WORD, self.words_at_next_start())


class SwiftDeath(ServerCase):
    """A task of a plugin in Swift, on a thread of the pool that all tasks share."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        built = PROGRAM.with_name("libSwiftEchoPlugin.so")
        if not built.exists():
            raise unittest.SkipTest(f"{built} was not built")
        plugins = world.folder(cls.__name__ + "-plugins")
        (plugins / "swift-echo").mkdir()
        shutil.copy(built, plugins / "swift-echo" / "plugin.so")
        return KinodockServer(world.folder(cls.__name__), plugins=plugins)

    def test_a_failed_check_in_a_task_names_the_plugin(self) -> None:
        put_into_server(self, "swift-echo")
        body = {"name": "a", "implementation": "swift-echo", "settings": {"host": "crash", "port": 1}}
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.api.post("/api/download-clients/test", body)
        self.assertEqual(self.server.child.wait(60), -signal.SIGILL)
        self.server.start()
        self.assertNotIn("Starting anew", self.server.log_text())
        # What a method does before its first wait is done on the thread of the caller.
        occasion = "(while it was called|on a thread of its own)"
        self.assertRegex(self.server.log_text(), f"The plugin swift-echo crashed the server .* {occasion}: SIGILL")


@unittest.skipIf(compiler() is None, "no C compiler")
class Innocence(SentinelCase):
    """Ends for which no plugin is to blame."""

    def names_nobody(self) -> None:
        self.assertNotIn(WORD, self.words_at_next_start())

    def is_inside(self) -> bool:
        """Whether a thread of the server is inside of a plugin."""
        status = self.sentinel.stat()
        return any(Path(f"/dev/shm/kinodock-{status.st_dev:x}-{status.st_ino:x}").read_bytes()[64:])

    def block(self) -> None:
        """Has a thread of the server stay inside of the plugin."""
        threading.Thread(target=self.call, args=("hang",), daemon=True).start()
        wait_until(self.is_inside, 10, "a thread to be inside of the plugin")

    def test_kill_9_of_an_idle_server(self) -> None:
        self.call("none")
        # The answer is there a moment before the thread that brought it has left the plugin.
        wait_until(lambda: not self.is_inside(), 10, "the plugin to be left")
        self.server.kill()
        self.names_nobody()

    def test_an_orderly_end(self) -> None:
        self.call("none")
        self.assertEqual(self.server.stop(), 0)
        self.names_nobody()

    def test_an_orderly_end_with_a_plugin_that_blocks(self) -> None:
        self.block()
        self.assertEqual(self.server.stop(20), 0)
        self.names_nobody()

    def test_kill_9_while_a_plugin_blocks_names_it_as_possible(self) -> None:
        self.block()
        self.server.kill()
        self.assertIn("or was killed then", self.words_at_next_start())

    def test_a_power_cut_while_a_plugin_blocks(self) -> None:
        self.block()
        self.server.kill()
        self.change_boot()
        self.names_nobody()

    def test_a_signal_that_somebody_sends(self) -> None:
        self.server.child.send(signal.SIGSEGV)
        self.assertEqual(self.server.child.wait(10), -signal.SIGSEGV)
        words = self.words_at_next_start()
        self.assertRegex(words, r"Process \d+ ended the server .* SIGSEGV")
        self.assertNotIn(WORD, words)

    def test_an_overflow_on_a_thread_that_the_server_does_not_know(self) -> None:
        """This one is the plugin's fault, and nobody can see it: the thread has no other stack to see it from."""
        self.call("overflow-in-bare-thread")
        self.assertEqual(self.server.child.wait(20), -signal.SIGSEGV)
        self.names_nobody()

    def test_children_of_a_plugin_die_without_the_server(self) -> None:
        self.call("loses-children")
        self.answers(self.api.get("/api/ping"), 200)
        self.server.kill()
        self.names_nobody()

    def test_a_failed_start(self) -> None:
        other = KinodockServer(world.folder("Occupied"), plugins=self.plugins)
        failed = other.command("serve", "--listen", f"127.0.0.1:{self.server.port}")
        self.assertNotEqual(failed.returncode, 0)
        again = other.command("serve", "--listen", f"127.0.0.1:{self.server.port}")
        self.assertNotIn(" warning ", failed.stderr + again.stderr)

    def test_a_file_that_makes_no_sense_is_ignored(self) -> None:
        self.server.stop()
        for content in (b"", b"nonsense", bytes(range(256)) * 200, b"\xff" * self.sentinel.stat().st_size):
            self.sentinel.write_bytes(content)
            self.names_nobody()
            self.server.stop()

    def test_without_a_place_for_its_file_the_server_serves(self) -> None:
        self.server.stop()
        self.sentinel.unlink()
        self.sentinel.mkdir()
        words = self.words_at_next_start()
        self.assertIn("plugins.sentinel cannot be kept", words)
        self.assertEqual(self.server.stop(), 0)
        self.sentinel.rmdir()


@unittest.skipIf(compiler() is None, "no C compiler")
class DeathsOnLoad(SentinelCase):
    """A plugin that ends the server while it is loaded ends it at every start, so it is taken away before the next."""

    def appear(self, fault: str) -> int:
        name = f"fault-{fault}"
        target = self.plugins / name / "plugin.so"
        staged = compile_fault(world.folder(f"staged-{name}") / "plugin.so", fault)
        target.parent.mkdir()
        shutil.move(staged, target)
        self.answers(self.api.post("/api/plugins/rescan"), 200)
        wait_until(lambda: self.api.get(f"/api/plugins/{name}").json.get("state") == "active", 20, f"{name} to be used")
        try:
            self.api.put(f"/api/plugins/{name}/isolation", {"mode": "in-process"})
        except (OSError, http.client.HTTPException):
            pass
        code = self.server.child.wait(30)
        shutil.rmtree(target.parent)
        return code

    def test_in_a_constructor(self) -> None:
        self.assertEqual(self.appear("crash-in-server"), -signal.SIGSEGV)
        words = self.words_at_next_start()
        self.assertIn("The plugin fault-crash-in-server crashed the server", words)
        self.assertIn("while it was loaded", words)

    def test_on_a_thread_that_a_constructor_has_started(self) -> None:
        self.assertEqual(self.appear("abort-in-server"), -signal.SIGABRT)
        words = self.words_at_next_start()
        self.assertIn("The plugin fault-abort-in-server crashed the server", words)
        self.assertIn("while it was loaded", words)
