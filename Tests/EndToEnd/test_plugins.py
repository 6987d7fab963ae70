"""The plugin folder: what is loaded, what is refused and why, and what happens while the server runs."""
import json
import shutil
import unittest
from pathlib import Path

from harness import world
from harness.case import ServerCase, listed
from harness.compiler import compile_guide_example, compile_library, compile_plugin, compiler
from harness.server import PLUGINS, KinodockServer, client_body
from rigs import wait_until

REAL = PLUGINS / "qbittorrent" / "plugin.so"


def place(source: Path, folder: Path) -> Path:
    """Copies a plugin file in the way that README.md tells: the folder appears with the file complete."""
    target = folder / "plugin.so"
    unfinished = folder.with_name("." + folder.name)
    unfinished.mkdir(parents=True)
    shutil.copy(source, unfinished / "plugin.so")
    unfinished.rename(folder)
    return target


class PluginCase(ServerCase):
    """Tests on a plugin folder of their own, with the real qBittorrent plugin in it."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        cls.plugins = world.folder(cls.__name__ + "-plugins")
        place(REAL, cls.plugins / "qbittorrent")
        cls.fill()
        return KinodockServer(world.folder(cls.__name__), plugins=cls.plugins)

    @classmethod
    def fill(cls) -> None:
        """Puts more into the plugin folder before the server starts."""

    def entries(self, word: str) -> list[dict]:
        """The plugins in whose description a word stands: an id, or the name of a folder or file."""
        every = listed(self.answers(self.api.get("/api/plugins"), 200))
        return [entry for entry in every if word in json.dumps(entry)]

    def entry(self, word: str) -> dict:
        found = self.entries(word)
        self.assertEqual(len(found), 1, f"plugins that mention {word}: {found}")
        return found[0]

    def wait_for_active(self, identifier: str) -> None:
        def active() -> bool:
            named = [entry for entry in self.entries(identifier) if entry.get("id") == identifier]
            return any(entry["state"] == "active" for entry in named)
        wait_until(active, 20, f"the plugin {identifier} to be active")

    def is_refused(self, word: str, *reason: str) -> None:
        entry = self.entry(word)
        self.assertIn(entry["state"], ("incompatible", "failed", "superseded", "quarantined"), str(entry))
        self.says(entry["reason"], *reason)


@unittest.skipIf(compiler() is None, "no C compiler")
class BrokenFiles(PluginCase):
    @classmethod
    def fill(cls) -> None:
        folder = cls.plugins
        for name in ("text", "cut-off", "writable", "empty", "unreadable"):
            (folder / name).mkdir()
        (folder / "text" / "plugin.so").write_text("This is not a library.\n")
        (folder / "cut-off" / "plugin.so").write_bytes(REAL.read_bytes()[:5000])
        (folder / "empty" / "plugin.so").write_bytes(b"")
        compile_plugin(folder / "writable" / "plugin.so", ID='"writable"').chmod(0o777)
        compile_library(folder / "no-plugin" / "plugin.so")
        compile_plugin(folder / "magic" / "plugin.so", ID='"magic"', MAGIC="0x11223344")
        compile_plugin(folder / "short" / "plugin.so", ID='"short"', SIZE="24")
        compile_plugin(folder / "demanding" / "plugin.so", ID='"demanding"', MIN_HOST="77")
        compile_plugin(folder / "next-major" / "plugin.so", ID='"next-major"', ENTRY="kinodock_plugin_v2")
        compile_plugin(folder / "bad-json" / "plugin.so", MANIFEST='"{not json"')
        compile_plugin(folder / "good" / "plugin.so", ID='"good"')
        compile_plugin(folder / "bare.so", ID='"bare"')

    def setUp(self) -> None:
        super().setUp()
        wait_until(lambda: not self.entries("discovered"), 20, "all files to be tried")

    def test_the_server_runs_and_good_plugins_are_active(self) -> None:
        self.answers(self.api.get("/api/ping"), 200)
        for name in ("qbittorrent", "good", "bare"):
            with self.subTest(name=name):
                active = [entry for entry in self.entries(name) if entry.get("id") == name]
                self.assertEqual([entry["state"] for entry in active], ["active"])

    def test_each_broken_file_is_shown_with_its_reason(self) -> None:
        for name, words in (("text", ()), ("cut-off", ()), ("empty", ()), ("writable", ("writable",)),
                            ("no-plugin", ("kinodock_plugin_v1",)), ("next-major", ("2", "1")),
                            ("demanding", ("1.77", "1.1")), ("bad-json", ())):
            with self.subTest(name=name):
                self.is_refused(f"/{name}/", *words)

    def test_a_wrong_magic_number_names_both_values(self) -> None:
        reason = self.entry("/magic/")["reason"].lower()
        self.assertTrue("11223344" in reason or str(0x11223344) in reason, reason)
        self.assertTrue("4b444b31" in reason or str(0x4B444B31) in reason, reason)

    def test_a_short_table_names_both_sizes(self) -> None:
        self.is_refused("/short/", "24")

    def test_check_says_the_same_on_the_command_line(self) -> None:
        for name in ("text", "cut-off", "empty", "no-plugin", "magic", "short", "demanding", "bad-json"):
            with self.subTest(name=name):
                checked = self.server.command("check", str(self.plugins / name / "plugin.so"))
                self.assertEqual(checked.returncode, 1, checked.stdout + checked.stderr)
                self.says(checked.stdout + checked.stderr)
        checked = self.server.command("check", str(REAL), seconds=60)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_the_list_on_the_command_line(self) -> None:
        shown = self.server.command("plugins")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for name in ("qbittorrent", "good", "magic"):
            self.assertIn(name, shown.stdout)


@unittest.skipIf(compiler() is None, "no C compiler")
class WhileItRuns(PluginCase):
    def compiled(self, identifier: str) -> Path:
        return compile_plugin(world.scratch() / "compiled" / f"{identifier}.so", ID=f'"{identifier}"')

    def test_a_folder_that_appears_is_picked_up(self) -> None:
        place(self.compiled("appears"), self.plugins / "appears")
        self.wait_for_active("appears")

    def test_a_folder_that_is_copied_slowly_is_picked_up(self) -> None:
        source, folder = self.compiled("slow-copy"), self.plugins / "slow-copy"
        folder.mkdir()
        data = source.read_bytes()
        with (folder / "plugin.so").open("wb") as file:
            file.write(data[:len(data) // 2])
            file.flush()
            self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
            file.write(data[len(data) // 2:])
        (folder / "plugin.so").chmod(0o755)
        self.wait_for_active("slow-copy")

    def test_the_example_of_the_guide_works_as_the_guide_says(self) -> None:
        built = compile_guide_example(world.scratch() / "guide" / "log-events.so")
        checked = self.server.command("check", str(built))
        self.assertEqual((checked.returncode, checked.stdout.splitlines()[-1]), (0, "ok"), checked.stdout)
        place(built, self.plugins / "log-events")
        self.wait_for_active("log-events")
        body = {"name": "My events", "implementation": "log-events", "settings": {}}
        made = self.answers(self.api.post("/api/notifiers", body), 201).json
        self.answers(self.api.post(f"/api/notifiers/{made['id']}/test"), 200)

    def test_a_refused_plugin_is_used_once_it_is_repaired(self) -> None:
        folder = self.plugins / "repaired"
        compile_plugin(folder / "plugin.so", MANIFEST='"{not json"')
        self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
        self.is_refused("/repaired/", "manifest")
        compile_plugin(folder / "plugin.so", ID='"repaired"')
        self.answers(self.api.post("/api/plugins/repaired/retry"), 200, 202, 204)
        self.wait_for_active("repaired")

    def test_sighup_and_rescan_look_again(self) -> None:
        place(self.compiled("by-signal"), self.plugins / "by-signal")
        self.server.rescan_by_signal()
        self.wait_for_active("by-signal")
        place(self.compiled("by-request"), self.plugins / "by-request")
        self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
        self.wait_for_active("by-request")

    def test_the_second_file_with_an_id_gives_way(self) -> None:
        place(self.compiled("twice"), self.plugins / "twice")
        self.wait_for_active("twice")
        compile_plugin(self.plugins / "twice.so", ID='"twice"')
        self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
        wait_until(lambda: self.entries("/twice.so"), 20, "the second file to be seen")
        self.assertEqual({entry["state"] for entry in self.entries("/twice")}, {"active", "superseded"})
        for entry in self.entries("/twice"):
            if entry["state"] == "superseded":
                self.says(entry["reason"], "/twice")

    def test_disable_and_enable(self) -> None:
        place(self.compiled("switched"), self.plugins / "switched")
        self.wait_for_active("switched")
        self.answers(self.api.post("/api/plugins/switched/disable"), 200, 204)
        self.assertEqual(self.entry("/switched/")["state"], "disabled")
        self.answers(self.api.post("/api/plugins/switched/enable"), 200, 204)
        self.wait_for_active("switched")
        self.refuses(self.api.post("/api/plugins/nothing/disable"), 404)


class MissingPlugin(PluginCase):
    def test_an_instance_outlives_its_plugin(self) -> None:
        identifier = self.server.add_client(world.qbittorrent(), name="Outlives")
        self.assertEqual(self.server.stop(), 0)
        shutil.move(self.plugins / "qbittorrent", world.scratch() / "moved-away")
        self.server.start()
        path = f"/api/download-clients/{identifier}"
        kept = self.answers(self.api.get(path), 200).json
        self.assertEqual((kept["name"], kept["settings"]["password"]), ("Outlives", {"set": True}))
        error = self.refuses(self.api.post(f"{path}/test"), 400, 409, 422, 503)
        self.says(error["error"], "qbittorrent")
        shutil.move(world.scratch() / "moved-away", self.plugins / "qbittorrent")
        self.answers(self.api.post("/api/plugins/rescan"), 200, 202, 204)
        wait_until(lambda: self.api.post(f"{path}/test").status == 200, 20, "the instance to work again")

    def test_many_instances_of_one_plugin(self) -> None:
        client = world.qbittorrent()
        made = [self.server.add_client(client, name=f"Copy {number}", category=f"copy-{number}") for number in range(5)]
        self.assertEqual(len(set(made)), 5)
        for identifier in made:
            self.answers(self.api.post(f"/api/download-clients/{identifier}/test"), 200)
            self.answers(self.api.delete(f"/api/download-clients/{identifier}"), 204)
        self.answers(self.api.post("/api/download-clients/test", client_body(client)), 200)
