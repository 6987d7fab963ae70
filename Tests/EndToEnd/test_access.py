"""Who may do what, and that nothing secret is ever shown."""
from base64 import b64encode

from harness.case import ServerCase
from harness.server import ADMIN_KEY
from rigs import wait_until

ADMIN_ONLY = (
    ("DELETE", "/api/queue/x"), ("POST", "/api/queue/x/retry"), ("POST", "/api/queue/cleanup"), ("POST", "/api/queue"),
    ("POST", "/api/download-clients"), ("PUT", "/api/download-clients/x"), ("DELETE", "/api/download-clients/x"),
    ("POST", "/api/download-clients/x/test"), ("POST", "/api/download-clients/test"),
    ("POST", "/api/plugins/rescan"), ("POST", "/api/plugins/qbittorrent/disable"),
)
PUBLIC = ("/api/ping", "/api/health", "/api/ready", "/api/queue")


class Access(ServerCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.user_key = cls.server.make_key("user", "a-person")
        cls.second_admin_key = cls.server.make_key("admin", "a-script")

    def test_public_pages_need_no_key(self) -> None:
        for path in PUBLIC:
            with self.subTest(path=path):
                self.answers(self.api.as_nobody().get(path), 200)

    def test_changes_need_a_key_and_the_role(self) -> None:
        for method, path in ADMIN_ONLY:
            with self.subTest(method=method, path=path):
                self.refuses(self.api.as_nobody().send(method, path), 401)
                self.refuses(self.api.with_key("a-key-that-nobody-made").send(method, path), 401)
                self.refuses(self.api.with_key(self.user_key).send(method, path), 403)

    def test_a_made_admin_key_works(self) -> None:
        admin = self.api.with_key(self.second_admin_key)
        self.answers(admin.post("/api/queue/cleanup"), 200)
        self.answers(admin.get("/api/download-clients"), 200)

    def test_every_way_to_send_a_key(self) -> None:
        nobody = self.api.as_nobody()
        for headers in ({"x_api_key": ADMIN_KEY}, {"authorization": f"Bearer {ADMIN_KEY}"},
                        {"x_plex_token": ADMIN_KEY}):
            with self.subTest(headers=list(headers)):
                self.answers(nobody.post("/api/queue/cleanup", None, **headers), 200)
        self.answers(nobody.post(f"/api/queue/cleanup?X-Plex-Token={ADMIN_KEY}"), 200)

    def test_odd_credentials_are_refused_with_words(self) -> None:
        nobody = self.api.as_nobody()
        for headers in ({"x_api_key": ""}, {"x_api_key": "x" * 5000}, {"authorization": "Bearer"},
                        {"authorization": "Basic " + b64encode(b"a:b").decode()}, {"authorization": "Nonsense"}):
            with self.subTest(headers=str(headers)[:60]):
                self.refuses(nobody.post("/api/queue/cleanup", None, **headers), 401)

    def test_a_revoked_key_stops_working(self) -> None:
        key = self.server.make_key("admin", "to-be-revoked")
        self.answers(self.api.with_key(key).post("/api/queue/cleanup"), 200)
        listing = self.server.command("key", "list")
        self.assertEqual(listing.returncode, 0, listing.stderr)
        self.assertIn("to-be-revoked", listing.stdout)
        self.assertNotIn(key, listing.stdout)
        revoked = self.server.command("key", "revoke", "to-be-revoked")
        self.assertEqual(revoked.returncode, 0, revoked.stderr)
        wait_until(lambda: self.api.with_key(key).post("/api/queue/cleanup").status == 401, 20, "the key to be refused")
        self.assertEqual(self.server.command("key", "revoke", "to-be-revoked-or-never-made").returncode, 1)

    def test_keys_are_not_kept_readable(self) -> None:
        stored = b"".join(path.read_bytes() for path in self.server.data.rglob("*") if path.is_file())
        for key in (ADMIN_KEY, self.user_key, self.second_admin_key):
            self.assertNotIn(key.encode(), stored)

    def test_a_key_in_the_address_stays_out_of_the_log(self) -> None:
        self.api.as_nobody().get(f"/api/queue?X-Plex-Token={self.second_admin_key}&apikey={self.second_admin_key}")
        self.api.as_nobody().get(f"/nothing/{self.second_admin_key[:8]}?token={self.second_admin_key}")
        self.assertNotIn(self.second_admin_key, self.server.log_text())

    def test_files_in_the_data_folder_are_for_the_owner_alone(self) -> None:
        for path in self.server.data.iterdir():
            if path.is_file():
                self.assertEqual(path.stat().st_mode & 0o077, 0, f"{path.name}: {oct(path.stat().st_mode)}")
