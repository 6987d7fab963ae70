"""Old plugins in today's server, and today's plugin in an old server."""
import ctypes
import unittest

from harness import plugin, world
from harness.case import ServerCase, listed
from harness.compiler import compile_first_version, compiler
from harness.plugin import PluginError, PluginInstance
from harness.server import PLUGINS, KinodockServer
from rigs import wait_until

MAGNET = "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First.1999.720p.WEB.H264-KDK"


@unittest.skipIf(compiler() is None, "no C compiler")
class FirstVersion(ServerCase):
    """A plugin that was written for version 1.0 of the contract and built with its header."""

    @classmethod
    def make_server(cls) -> KinodockServer:
        plugins = world.folder(cls.__name__ + "-plugins")
        compile_first_version(plugins / "sdk-1-0" / "plugin.so")
        return KinodockServer(world.folder(cls.__name__), plugins=plugins)

    def test_it_is_loaded_and_works(self) -> None:
        def state() -> dict | None:
            entries = [entry for entry in listed(self.api.get("/api/plugins")) if entry.get("id") == "sdk-1-0"]
            return entries[0] if entries and entries[0]["state"] == "active" else None
        wait_until(state, 20, "the plugin of version 1.0 to be active")
        body = {"name": "First", "implementation": "sdk-1-0", "enabled": True, "priority": 1,
                "settings": {"folder": "/films", "password": "hunter2"}}
        made = self.answers(self.api.post("/api/download-clients", body), 201).json
        self.answers(self.api.post(f"/api/download-clients/{made['id']}/test"), 200)
        item = self.answers(self.api.post("/api/queue", {"magnet": MAGNET}), 201).json
        moving = self.wait_for_item(item["id"], lambda item: item["size"] == 1000, 30, "the size that the plugin tells")
        self.assertEqual(moving["status"], "downloading")
        self.answers(self.api.delete(f"/api/queue/{item['id']}"), 204)

    def test_it_says_what_is_wrong_with_its_settings(self) -> None:
        body = {"name": "None", "implementation": "sdk-1-0", "settings": {"folder": ""}}
        error = self.refuses(self.api.post("/api/download-clients/test", body), 400)
        self.says(error["error"], "folder")


class FirstServer(unittest.TestCase):
    """The host of the harness has the table of version 1.0: nothing that came later."""

    def test_todays_plugin_runs_in_it(self) -> None:
        self.assertEqual(ctypes.sizeof(plugin.HostTable), 40, "the harness is no longer a server of version 1.0")
        instance = PluginInstance(PLUGINS / "qbittorrent" / "plugin.so", {"host": "127.0.0.1", "port": 9})
        try:
            with self.assertRaises(PluginError) as error:
                instance.call("provider.test")
            self.assertEqual(error.exception.code, "unreachable")
            with self.assertRaises(PluginError) as error:
                instance.call("indexer.capabilities")
            self.assertEqual(error.exception.code, "unsupported")
        finally:
            instance.close()
