"""Configuring a download client, and the test that tells what is wrong with it."""
import time
from copy import deepcopy
from itertools import count

from harness import world
from harness.case import ServerCase, listed, messages_of
from harness.server import client_body
from rigs import QBittorrent
from rigs.process import free_port

ROOT = "/api/download-clients"
# Names are unique, so each instance gets one of its own.
NUMBERS = count(1)
# What the test of a download client says about the folder in which it saves.
REACH = ("pathVisible", "pathWritable", "hardlinkPossible")


class DownloadClients(ServerCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.client = world.qbittorrent()
        super().setUpClass()

    def body(self, **settings: object) -> dict:
        body = client_body(self.client, name=f"qBittorrent {next(NUMBERS)}")
        body["settings"] |= settings
        return body

    def create(self, body: dict | None = None) -> dict:
        return self.answers(self.api.post(ROOT, body or self.body()), 201).json

    def test_create_read_change_and_delete(self) -> None:
        body = self.body()
        made = self.create(body)
        for key in ("name", "implementation", "enabled", "priority"):
            self.assertEqual(made[key], body[key])
        self.assertEqual(made["settings"]["port"], self.client.port)
        self.assertIn(made["id"], [entry["id"] for entry in listed(self.api.get(ROOT))])
        self.assertEqual(self.answers(self.api.get(f"{ROOT}/{made['id']}"), 200).json["id"], made["id"])
        changed = self.answers(self.api.put(f"{ROOT}/{made['id']}", self.body() | {"name": "Other"}), 200).json
        self.assertEqual((changed["id"], changed["name"]), (made["id"], "Other"))
        self.answers(self.api.delete(f"{ROOT}/{made['id']}"), 204)
        self.refuses(self.api.get(f"{ROOT}/{made['id']}"), 404)
        self.refuses(self.api.delete(f"{ROOT}/{made['id']}"), 404)

    def test_a_name_is_given_once(self) -> None:
        body = self.body()
        self.create(body)
        self.refuses(self.api.post(ROOT, body), 409)

    def test_a_password_is_never_shown(self) -> None:
        made = self.create()
        for reply in (self.api.get(ROOT), self.api.get(f"{ROOT}/{made['id']}")):
            self.answers(reply, 200)  # looks for the password in the body
        self.assertEqual(made["settings"]["password"], {"set": True})
        stored = b"".join(path.read_bytes() for path in self.server.data.rglob("*") if path.is_file())
        self.assertNotIn(self.client.password.encode(), stored, "the password stands readable in the data folder")

    def test_a_password_that_is_sent_back_masked_is_kept(self) -> None:
        made = self.create()
        masked = deepcopy(made["settings"])
        self.assertEqual(masked["password"], {"set": True})
        body = self.body() | {"name": "Masked", "settings": masked}
        self.answers(self.api.put(f"{ROOT}/{made['id']}", body), 200)
        self.answers(self.api.post(f"{ROOT}/{made['id']}/test"), 200)

    def test_data_survives_a_restart(self) -> None:
        made = self.create()
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertEqual(self.answers(self.api.get(f"{ROOT}/{made['id']}"), 200).json["settings"], made["settings"])
        self.answers(self.api.post(f"{ROOT}/{made['id']}/test"), 200)

    def test_a_good_connection_saved_and_unsaved(self) -> None:
        made = self.create()
        for path, body in ((f"{ROOT}/{made['id']}/test", None), (f"{ROOT}/test", self.body())):
            with self.subTest(path=path):
                report = self.answers(self.api.post(path, body), 200).json
                self.assertIs(report["success"], True)
                self.assertEqual(report["version"], self.client.version())
                self.assertTrue(report["apiVersion"])
                self.assertEqual(report["savePath"].rstrip("/"), str(self.client.save_path))
                self.assertEqual([report[key] for key in REACH], [True, True, True])
                self.assertIsInstance(report["categories"], list)
                self.assertIsInstance(report["warnings"], list)

    def test_a_wrong_password_is_said_in_words(self) -> None:
        error = self.refuses(self.api.post(f"{ROOT}/test", self.body(password="not-it")), 400)
        failed = [check for check in error["checks"] if not check["ok"]]
        self.assertTrue(failed, error)
        self.assertIn(failed[0]["field"], ("username", "password"))
        self.says(failed[0]["message"])
        self.assertNotIn("not-it", str(error))

    def test_nobody_listening_is_said_in_words(self) -> None:
        error = self.refuses(self.api.post(f"{ROOT}/test", self.body(port=free_port())), 400)
        failed = [check for check in error["checks"] if not check["ok"]]
        self.assertIn(failed[0]["field"], ("host", "port"))
        self.says(failed[0]["message"])

    def test_something_else_listening_is_said_in_words(self) -> None:
        self.refuses(self.api.post(f"{ROOT}/test", self.body(port=self.server.port)), 400)

    def test_an_unknown_id_is_404(self) -> None:
        for method, path in (("GET", "nothing"), ("DELETE", "nothing"), ("POST", "nothing/test"), ("GET", "a%2Fb"),
                             ("GET", "%25"), ("GET", "x" * 2000)):
            with self.subTest(path=path[:20]):
                self.refuses(self.api.send(method, f"{ROOT}/{path}"), 404, 414)

    def test_bad_settings_are_refused_and_change_nothing(self) -> None:
        before = len(listed(self.api.get(ROOT)))
        body = self.body()
        for wrong in (body | {"implementation": "no-such-plugin"}, self.body(host=""), self.body(host="a/b"),
                      self.body(hots="misspelt"), body | {"priority": 0}, self.body(port=70000),
                      self.body(port="eighty"), body | {"name": ""}, body | {"enabled": "yes"},
                      {}, [], "text", {"name": "only"}):
            with self.subTest(wrong=str(wrong)[:80]):
                self.refuses(self.api.post(ROOT, wrong), 400, 422)
        self.assertEqual(len(listed(self.api.get(ROOT))), before)

    def test_a_save_path_that_the_server_cannot_see_is_a_warning(self) -> None:
        body = self.body() | {"pathMappings": [{"remote": str(self.client.save_path), "local": "/nowhere/at/all"}]}
        report = self.answers(self.api.post(f"{ROOT}/test", body), 200).json
        self.assertIs(report["pathVisible"], False)
        words = " ".join(warning["message"] for warning in report["warnings"])
        self.says(words, str(self.client.save_path), "/nowhere/at/all")

    def test_removal_on_ratio_is_a_warning(self) -> None:
        self.client.set_preferences(max_ratio_enabled=True, max_ratio=1, max_ratio_act=3)
        try:
            report = self.answers(self.api.post(f"{ROOT}/test", self.body()), 200).json
        finally:
            self.client.set_preferences(max_ratio_enabled=False, max_ratio_act=0)
        self.says(" ".join(warning["message"] for warning in report["warnings"]), "seeding limit")

    def test_no_enabled_client_is_said_when_adding(self) -> None:
        for entry in listed(self.api.get(ROOT)):
            self.api.delete(f"{ROOT}/{entry['id']}")
        self.create(self.body() | {"enabled": False})
        self.refuses(self.api.post("/api/queue", {"magnet": world.clip("Homeless").magnet}), 422)


class WrongPassword(ServerCase):
    def test_a_ban_is_said_in_words(self) -> None:
        strict = QBittorrent(world.folder("banning-qbittorrent"), failed_logins=1)
        body = client_body(strict)
        wrong = body | {"settings": body["settings"] | {"password": "not-it"}}
        self.refuses(self.api.post(f"{ROOT}/test", wrong), 400)
        error = self.refuses(self.api.post(f"{ROOT}/test", body), 400)
        (failed,) = [check for check in error["checks"] if not check["ok"]]
        self.says(failed["message"], "banned", "restart")
        strict.stop()

    def test_a_stored_wrong_password_never_bans_the_server(self) -> None:
        strict = QBittorrent(world.folder("strict-qbittorrent"), failed_logins=5)
        body = client_body(strict)
        body["settings"]["password"] = "not-it"
        made = self.answers(self.api.post(ROOT, body), 201).json
        added = self.api.post("/api/queue", {"magnet": world.clip("Locked.Out").magnet, "downloadClientId": made["id"]})
        if added.status == 201:  # accepted and waiting: then the reason has to be visible
            self.wait_for_item(added.json["id"], lambda item: len(messages_of(item).split()) > 2, 20, "a reason")
        else:
            self.refuses(added, 400, 422, 502, 503, 504)
        # Long enough for several polls. Asking more than once would not do: a right login forgives the wrong ones.
        time.sleep(10)
        self.assertFalse(strict.login_is_banned(), "the right password is refused: the server was banned")
        strict.stop()
