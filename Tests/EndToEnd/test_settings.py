"""Settings as data: what a plugin says of them, presets and choices, and what becomes of them when its form changes."""
import unittest
from contextlib import closing
from itertools import count
import sqlite3

from harness import world
from harness.case import ServerCase
from harness.compiler import compile_fixture, compiler
from harness.server import KinodockServer
from rigs import wait_until

ROOT = "/api/notifiers"
SECRET = "swordfish-of-tests"
NUMBERS = count(1)


class MoverCase(ServerCase):
    """Tests on a plugin that has a form of version 1, or one of version 2 with other fields."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        cls.plugins = world.folder(cls.__name__ + "-plugins")
        cls.install(1)
        return KinodockServer(world.folder(cls.__name__), plugins=cls.plugins)

    @classmethod
    def install(cls, form: int) -> None:
        compile_fixture(cls.plugins / "mover" / "plugin.so", "migrating.c", FORM=str(form))

    def restart_with(self, form: int) -> None:
        self.assertEqual(self.server.stop(), 0)
        self.install(form)
        self.server.start()
        self.wait_for_plugin()

    def setUp(self) -> None:
        super().setUp()
        self.wait_for_plugin()

    def wait_for_plugin(self) -> None:
        """A file that nobody has seen is tried first, while the server serves."""
        def active() -> bool:
            answer = self.api.get("/api/plugins/mover")
            return answer.status == 200 and answer.json["state"] == "active"
        wait_until(active, 20, "the plugin to be used")

    def body(self, host: str = "nas", **settings: object) -> dict:
        values = {"host": host, "port": "80", "password": SECRET} | settings
        return {"name": f"Mover {next(NUMBERS)}", "implementation": "mover", "settings": values}

    def make(self, host: str = "nas", **settings: object) -> str:
        return self.answers(self.api.post(ROOT, self.body(host, **settings)), 201).json["id"]

    def shown(self, identifier: str) -> dict:
        reply = self.answers(self.api.get(f"{ROOT}/{identifier}"), 200)
        self.assertNotIn(SECRET, reply.text)
        return reply.json

    def codes(self, body: dict) -> list[str]:
        return [warning["code"] for warning in body["warnings"]]

    def refused_fields(self, reply) -> list[str]:
        self.assertNotIn(SECRET, reply.text)
        return [field["field"] for field in self.refuses(reply, 400)["details"]["fields"]]


@unittest.skipIf(compiler() is None, "no C compiler")
class SettingsAreChecked(MoverCase):
    def test_what_the_plugin_refuses_is_said_by_its_field_and_not_stored(self) -> None:
        before = self.api.get(ROOT).json
        self.assertEqual(self.refused_fields(self.api.post(ROOT, self.body("refused"))), ["settings.host"])
        self.assertEqual(self.api.get(ROOT).json, before)
        identifier = self.make()
        change = {"settings": {"host": "refused", "password": {"set": True}}}
        self.assertEqual(self.refused_fields(self.api.put(f"{ROOT}/{identifier}", change)), ["settings.host"])
        self.assertEqual(self.shown(identifier)["settings"]["host"], "nas")

    def test_settings_are_kept_when_the_plugin_cannot_say(self) -> None:
        reply = self.answers(self.api.post(ROOT, self.body("broken")), 201)
        self.assertEqual(self.codes(reply.json), ["not_checked"])
        self.says(reply.json["warnings"][0]["message"], "mover")
        self.assertNotIn(SECRET, reply.text + self.server.log_text())

    def test_masks_presets_and_choices(self) -> None:
        masked = {"host": "nas", "password": {"set": True}}
        self.assertEqual(self.refused_fields(self.api.post(ROOT, self.body() | {"settings": masked})),
                         ["settings.password"])
        preset = self.body() | {"preset": "Attic", "settings": {"port": "7"}}
        made = self.answers(self.api.post(ROOT, preset), 201).json
        self.assertEqual(made["settings"], {"host": "attic", "port": "7", "password": {"set": False}})
        self.assertEqual(self.refused_fields(self.api.post(ROOT, preset | {"preset": "Cellar"})), ["preset"])
        identifier = self.make()
        ask = {"id": identifier, "implementation": "mover", "source": "rooms", "settings": masked}
        choices = self.answers(self.api.post(f"{ROOT}/options", ask), 200).json
        self.assertEqual(choices, [{"value": "hall", "label": f"Hall of nas with {len(SECRET)}"}])
        self.assertEqual(self.refused_fields(self.api.post(f"{ROOT}/options", ask | {"source": "doors"})), ["source"])
        tried = self.answers(self.api.post(f"{ROOT}/{identifier}/test", {"settings": masked | {"room": "yard"}}), 200)
        self.assertEqual(self.codes(tried.json), ["unlisted_option"])


@unittest.skipIf(compiler() is None, "no C compiler")
class TheFormChanges(MoverCase):
    def stored_bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.server.data.rglob("*") if path.is_file())

    def test_settings_are_brought_to_the_newer_form_and_back(self) -> None:
        identifier, odd = self.make(), self.make("refused-later", room="hall")
        with closing(sqlite3.connect(self.server.database())) as database:
            database.execute("UPDATE instances SET settings_version = NULL WHERE id = ?", (identifier,))
            # The plugin of version 1 takes this one; that of version 2 does not.
            database.execute("UPDATE instances SET settings = replace(settings, 'refused-later', 'refused') "
                             "WHERE id = ?", (odd,))
            database.commit()
        self.restart_with(2)
        wait_until(lambda: self.shown(identifier)["settingsVersion"] == 2, 20, "the settings to be migrated")
        self.assertEqual(self.shown(identifier)["settings"], {"address": "nas:80", "room": "", "token": {"set": True}})
        tested = self.answers(self.api.post(f"{ROOT}/{identifier}/test"), 200).json
        self.assertEqual(tested["version"], f"nas:80 with {len(SECRET)}")
        former = self.answers(self.api.get(f"{ROOT}/{identifier}/former-settings"), 200).json
        self.assertEqual([(entry["version"], entry["settings"]) for entry in former],
                         [(1, {"host": "nas", "port": "80", "password": {"set": True}})])
        self.assertIn("from version 1 of the form of mover to version 2", self.server.log_text())
        self.the_other_is_left_alone(odd)
        self.assertNotIn(SECRET.encode(), self.stored_bytes())

        self.restart_with(1)
        self.assertEqual(self.codes(self.shown(identifier)), ["newer_settings", "unused_setting"])
        self.assertEqual(self.shown(identifier)["settings"]["address"], "nas:80")
        back = self.answers(self.api.post(f"{ROOT}/{identifier}/former-settings/1/restore"), 200).json
        self.assertEqual(back["settings"], {"host": "nas", "port": "80", "password": {"set": True}})
        tested = self.answers(self.api.post(f"{ROOT}/{identifier}/test"), 200).json
        self.assertEqual(tested["version"], f"nas with {len(SECRET)}")
        self.assertEqual(self.server.integrity(), "ok")
        self.assertNotIn(SECRET, self.server.log_text())

    def the_other_is_left_alone(self, identifier: str) -> None:
        """The plugin refused to migrate this one: it is as it was, says why, and works once it is entered anew."""
        wait_until(lambda: self.shown(identifier)["status"]["message"], 20, "the failure to be shown")
        kept = self.shown(identifier)
        self.assertEqual((kept["settingsVersion"], kept["settings"]["host"]), (1, "refused"))
        self.assertEqual(self.codes(kept)[0], "not_migrated")
        self.says(kept["status"]["message"], "version 2", "kept as they are")
        error = self.refuses_test(identifier)
        self.says(error, "version 2")
        anew = {"settings": {"address": "elsewhere", "token": {"set": True}}}
        changed = self.answers(self.api.put(f"{ROOT}/{identifier}", anew), 200).json
        self.assertEqual((changed["settingsVersion"], self.codes(changed)), (2, []))
        tested = self.answers(self.api.post(f"{ROOT}/{identifier}/test"), 200).json
        self.assertEqual(tested["version"], f"elsewhere with {len(SECRET)}")

    def refuses_test(self, identifier: str) -> str:
        reply = self.answers(self.api.post(f"{ROOT}/{identifier}/test"), 400)
        self.assertNotIn(SECRET, reply.text)
        return reply.json["error"]
