"""The plugins of examples/: built, checked, installed and used as docs/plugin-authors.md tells."""
import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from harness import world
from harness.compiler import compiler
from harness.plugin import PluginError, PluginInstance
from harness.server import CHECKOUT
from rigs import Answer, Sink
from test_plugins import PluginCase, place

EXAMPLES = CHECKOUT / "examples"
FILE_DROP = CHECKOUT / "build" / "examples" / "file-drop" / "plugin.so"
EVENT = {"id": "42", "kind": "imported", "time": "2026-01-02T03:04:05Z", "title": "Café / \"quoted\"", "message": "",
         "details": {"path": "/films/a\u0000b", "size": 12345678901234567890, "later": [1.50, None, True]}}


def copy_of(example: str, name: str) -> Path:
    """A copy of an example outside of the checkout, with the one line changed that says where that is."""
    copy = world.folder(name) / example
    shutil.copytree(EXAMPLES / example, copy, ignore=shutil.ignore_patterns("build", ".build"))
    for file, line, changed in (("Package.swift", 'let kinodock = "../.."', f'let kinodock = "{CHECKOUT}"'),
                                ("Makefile", "KINODOCK ?= ../..", f"KINODOCK ?= {CHECKOUT}")):
        if (copy / file).exists():
            (copy / file).write_text((copy / file).read_text().replace(line, changed))
    return copy


def make(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["make", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        raise AssertionError(f"make {' '.join(arguments)} failed in {folder}:\n{done.stdout}{done.stderr}")
    return done.stdout


@unittest.skipIf(compiler() is None, "no C compiler")
class PluginInC(PluginCase):
    def test_check_finds_nothing(self) -> None:
        checked = self.server.command("check", "--json", str(FILE_DROP), seconds=60)
        found = json.loads(checked.stdout)
        self.assertEqual((checked.returncode, found["usable"], found["findings"]), (0, True, []), checked.stdout)
        self.assertEqual((found["plugin"]["id"], found["plugin"]["kinds"]), ("file-drop", ["notifier"]))

    def test_it_is_installed_configured_and_tested(self) -> None:
        place(FILE_DROP, self.plugins / "file-drop")
        self.wait_for_active("file-drop")
        folder = world.folder("events")
        settings = {"path": str(folder), "leastFree": 0}
        body = {"name": "Events", "implementation": "file-drop", "settings": settings}
        made = self.answers(self.api.post("/api/notifiers", body), 201).json
        self.answers(self.api.post(f"/api/notifiers/{made['id']}/test"), 200)
        (file,) = folder.iterdir()
        self.assertEqual(json.loads(file.read_text())["kind"], "test", "the test left something else behind")
        file.unlink()
        for wrong, field in (({"path": "relative"}, "path"), ({"fileName": "a/b"}, "fileName"), ({"path": ""}, "path")):
            with self.subTest(wrong=wrong):
                tried = self.api.post("/api/notifiers/test", body | {"settings": settings | wrong})
                error = self.refuses(tried, 400, 409, 422)
                self.assertIn(f'{field}"', json.dumps(error))
        folder.rmdir()
        failed = self.api.post(f"/api/notifiers/{made['id']}/test")
        self.says(json.dumps(failed.json), str(folder), "create it")

    def test_an_event_becomes_a_file(self) -> None:
        folder = world.folder("delivered")
        plugin = PluginInstance(FILE_DROP, {"path": str(folder), "leastFree": 0})
        self.addCleanup(plugin.close)
        for _ in range(2):
            plugin.call("notifier.notify", **EVENT)
        (file,) = folder.iterdir()
        self.assertEqual(file.name, "2026-01-02T03-04-05Z-imported-42.json")
        self.assertEqual(json.loads(file.read_text()), EVENT)
        self.assertEqual(file.stat().st_mode & 0o777, 0o640)
        with self.assertRaises(PluginError) as caught:
            plugin.call("notifier.notify", title="no id")
        self.assertEqual(caught.exception.code, "invalid")

    def test_its_own_tests_pass(self) -> None:
        self.assertRegex(make(copy_of("c-file-drop", "c-tests"), "test"), r"\d{3} checks, 0 failed")


class CopiedTemplate(PluginCase):
    is_slow = True

    def test_from_a_copy_to_active(self) -> None:
        copy = copy_of("swift-plugin", "template")
        make(copy, "install", f"PLUGINS={self.plugins}")
        self.wait_for_active("ntfy")
        checked = self.server.command("check", str(copy / "build" / "ntfy" / "plugin.so"), seconds=60)
        self.assertEqual(checked.stdout.splitlines()[-1], "ok", checked.stdout)
        body = {"name": "Phone", "implementation": "ntfy", "settings": {"topic": "films", "url": "http://127.0.0.1:9/"}}
        self.answers(self.api.post("/api/notifiers", body), 201)
        self.check_that_it_is_sent_events()

    def check_that_it_is_sent_events(self) -> None:
        sink = Sink()
        self.addCleanup(sink.close)
        sink.usual = lambda request: Answer(200, b'{"healthy":true,"success":true}')
        body = {"name": "Tested", "implementation": "ntfy", "settings": {"topic": "films", "url": sink.url()}}
        self.answers(self.api.post("/api/notifiers/test", body), 200)
        message = json.loads(sink.deliveries[-1].body)
        self.assertEqual((message["topic"], message["tags"]), ("films", ["bell", "test"]))


class Guide(unittest.TestCase):
    """What the guide shows is what the examples hold, so that it cannot grow old by itself."""

    def listings(self, heading: str) -> list[str]:
        """The listings in Swift of one section."""
        text = (CHECKOUT / "docs" / "plugin-authors.md").read_text()
        section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
        return re.findall(r"```swift\n(.*?)```", section, re.DOTALL)

    def test_its_listings_in_swift_are_parts_of_the_template(self) -> None:
        sources = (EXAMPLES / "swift-plugin").rglob("*.swift")
        files = [path.read_text() for path in sources if ".build" not in path.parts]
        listings = self.listings("How the plugin in Swift is made")
        self.assertGreater(len(listings), 2)
        for listing in listings:
            # "..." stands for what was left out.
            for part in re.split(r"^\s*// \.\.\.\n", listing, flags=re.MULTILINE):
                with self.subTest(part=part):
                    self.assertTrue(any(part.strip("\n") in file for file in files), "it is in no file of the template")

    def test_it_names_the_files_of_the_examples(self) -> None:
        text = (CHECKOUT / "docs" / "plugin-authors.md").read_text()
        for name in re.findall(r"examples/[\w./-]*\w", text):
            with self.subTest(name=name):
                self.assertTrue((CHECKOUT / name).exists())
