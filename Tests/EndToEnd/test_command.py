"""The command line: help, errors, keys, backup and restore."""
import re
import subprocess

from harness import world
from harness.case import SECRETS, ClientCase, ServerCase
from harness.server import CHECKOUT, PROGRAM, KinodockServer
from rigs import Child, wait_until
from rigs.process import free_port

COMMANDS = ("serve", "plugins", "check", "key", "backup", "restore", "version")


class Commands(ServerCase):
    def test_help_everywhere(self) -> None:
        whole = self.server.command("--help")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        for name in COMMANDS:
            with self.subTest(name=name):
                self.assertIn(name, whole.stdout)
                shown = self.server.command(name, "--help")
                self.assertEqual(shown.returncode, 0, shown.stderr)
                self.assertGreater(len(shown.stdout.split()), 5)
        serve = self.server.command("serve", "--help").stdout
        for option in ("--data", "--listen", "--plugins", "--library", "--log-level", "--log-format",
                       "KINODOCK_DATA_DIR", "KINODOCK_LISTEN", "KINODOCK_PLUGIN_DIR", "KINODOCK_LIBRARY_DIR",
                       "KINODOCK_ADMIN_KEY"):
            self.assertIn(option, serve)

    def test_version(self) -> None:
        shown = self.server.command("version")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertRegex(shown.stdout, r"\d+\.\d+\.\d+")

    def test_what_is_not_understood_is_a_usage_error_with_a_hint(self) -> None:
        for arguments in (["--nonsense"], ["nonsense"], ["serve", "--nonsense"], ["serve", "--listen"], ["key"],
                          ["key", "create", "--role", "king", "--name", "x"], ["key", "create"], ["check"], ["backup"],
                          ["serve", "--listen", "nonsense"], ["serve", "--log-level", "loud"], ["serve", "--data="],
                          ["serve", "--listen", "::1"], ["serve", "--config", "/nowhere.conf"]):
            with self.subTest(arguments=arguments):
                shown = self.server.command(*arguments)
                self.assertEqual(shown.returncode, 2, shown.stdout + shown.stderr)
                self.says(shown.stderr.strip())
                self.assertEqual(shown.stdout, "")

    def test_key_create_prints_the_key_alone(self) -> None:
        made = self.server.command("key", "create", "--role", "user", "--name", "alone")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertRegex(made.stdout, r"^\S{16,}\n$")

    def test_a_taken_port_and_a_short_admin_key_are_said_in_words(self) -> None:
        taken = self.server.command("serve", "--listen", f"127.0.0.1:{self.server.port}",
                                    data=world.folder("taken-port"))
        self.assertEqual(taken.returncode, 1, taken.stdout + taken.stderr)
        self.says(taken.stderr.strip(), str(self.server.port))
        environment = self.server.environment(key="short") | {"KINODOCK_DATA_DIR": str(world.folder("short-key"))}
        short = subprocess.run([str(PROGRAM), "serve", "--listen", f"127.0.0.1:{free_port()}"], env=environment,
                               timeout=20, capture_output=True, text=True)
        self.assertIn(short.returncode, (1, 2), short.stdout + short.stderr)
        self.says(short.stderr.strip(), "KINODOCK_ADMIN_KEY", "16")

    def test_a_start_that_fails_makes_no_key(self) -> None:
        data = world.folder("failed-start")
        failed = self.server.command("serve", "--listen", f"127.0.0.1:{self.server.port}", data=data)
        self.assertEqual(failed.returncode, 1, failed.stderr)
        self.assertEqual(failed.stdout, "", "a key was printed that the next start will not show")
        self.assertEqual(self.server.command("key", "list", data=data).stdout, "")

    def test_a_data_folder_that_cannot_be_used_is_named(self) -> None:
        file = world.folder("no-folder") / "file"
        file.write_text("")
        failed = self.server.command("serve", "--listen", "127.0.0.1:0", data=file)
        self.assertEqual(failed.returncode, 1, failed.stderr)
        self.says(failed.stderr.strip(), str(file))

    def test_every_setting_is_in_the_help_and_in_the_guide(self) -> None:
        guide = (CHECKOUT / "docs" / "operations.md").read_text()
        shown = self.server.command("serve", "--help").stdout
        settings = set(re.findall(r"--[a-z][a-z-]+|KINODOCK_[A-Z_]+", shown))
        self.assertGreater(len(settings), 20)
        self.assertEqual({name for name in settings if name not in guide}, set())

    def test_two_servers_on_one_data_folder_are_refused(self) -> None:
        second = self.server.command("serve", "--listen", f"127.0.0.1:{free_port()}")
        self.assertEqual(second.returncode, 1, second.stdout + second.stderr)
        self.says(second.stderr.strip())
        self.answers(self.api.get("/api/ping"), 200)

    def test_the_first_admin_key_is_made_and_printed_once(self) -> None:
        folder = world.folder("first-start")
        server = KinodockServer(folder)
        environment = server.environment(key=None)
        printed = []
        for _ in range(2):
            log = folder / f"start-{len(printed)}.log"
            command = [str(PROGRAM), "serve", "--listen", f"127.0.0.1:{server.port}"]
            child = Child(command, log, environment)
            child.wait_for_port(server.port, 60)
            if not printed:
                wait_until(lambda: "admin key" in log.read_text().lower(), 20, "the key to be printed")
            printed.append(log.read_text())
            if len(printed) == 1:
                words = set(re.findall(r"[A-Za-z0-9_-]{16,}", printed[0]))
                keys = [word for word in words
                        if server.api.with_key(word).post("/api/queue/cleanup").status == 200]
                self.assertEqual(len(keys), 1, "no word of the first output is an admin key")
            self.assertEqual(child.stop(), 0)
        self.assertNotIn(keys[0], printed[1])


class BackupAndRestore(ClientCase):
    def test_a_backup_of_a_running_server_restores_elsewhere(self) -> None:
        torrent, item = self.add_slowly("Backed.Up")
        backup = world.folder("backups") / "kinodock.backup"
        made = self.server.command("backup", str(backup))
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.assertEqual(backup.stat().st_mode & 0o077, 0, "a backup is for its owner alone")
        for secret in SECRETS:
            self.assertNotIn(secret.encode(), backup.read_bytes())
        restored = KinodockServer(world.folder("restored"))
        restored.data.mkdir()
        # The backup has all that is needed: neither a key file nor anything else is copied.
        done = restored.command("restore", str(backup))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        restored.start()
        self.assertEqual(restored.api.get(f"/api/queue/{item['id']}").json["title"], item["title"])
        self.answers(restored.api.post(f"/api/download-clients/{self.client_id}/test"), 200)
        self.assertEqual(restored.stop(), 0)

    def test_restore_refuses_rubbish_and_changes_nothing(self) -> None:
        rubbish = world.folder("rubbish") / "file"
        rubbish.write_text("no backup\n" * 1000)
        empty = world.folder("untouched")
        for path in (rubbish, rubbish.with_name("not-there")):
            refused = self.server.command("restore", str(path), data=empty)
            self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
            self.says(refused.stderr.strip())
        self.assertEqual([path for path in empty.rglob("*") if path.suffix in (".db", ".sqlite")], [])

    def test_restore_under_a_running_server_takes_it_back(self) -> None:
        before = self.add(world.clip("Before.The.Backup"), paused=True)
        backup = world.folder("live-backup") / "file"
        self.assertEqual(self.server.command("backup", str(backup)).returncode, 0)
        after = self.add(world.clip("After.The.Backup"), paused=True)
        done = self.server.command("restore", str(backup))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        wait_until(lambda: self.api.get(f"/api/queue/{after['id']}").status == 404, 20, "the restored state")
        self.assertEqual(self.item(before["id"])["title"], before["title"])
        self.assertEqual(self.server.integrity(), "ok")
        self.answers(self.api.post(f"/api/download-clients/{self.client_id}/test"), 200)
