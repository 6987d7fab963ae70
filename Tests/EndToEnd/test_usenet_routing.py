"""Two usenet clients on one server: which of them is given a download."""
import signal

from harness import world
from harness.usenet import NewsCase, post
from rigs import NZBGet, SABnzbd


class UsenetRouting(NewsCase):
    """SABnzbd is preferred, and NZBGet is there in case that it does not take a download."""

    rig, implementation = SABnzbd, "sabnzbd"

    @classmethod
    def settings(cls) -> dict:
        return super().settings() | {"timeoutSeconds": 5}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.other = NZBGet(world.folder("UsenetRouting-other"), cls.news)
        cls.addClassCleanup(lambda: cls.other.stop())
        settings = cls.other.settings | {"category": "movies"}
        body = {"name": "nzbget", "implementation": "nzbget", "enabled": True, "priority": 2, "settings": settings}
        reply = cls.api.post("/api/download-clients", body)
        if reply.status != 201:
            raise AssertionError(str(reply))

    def test_one_that_hangs_is_passed_by(self) -> None:
        self.addCleanup(self.client.child.send, signal.SIGCONT)
        self.client.child.send(signal.SIGSTOP)
        sent = post(self.news, "Hanging")
        item = self.upload(sent)
        self.assertEqual(item["downloadClient"], "nzbget")
        self.client.child.send(signal.SIGCONT)
        self.film_arrives(item, sent)
        self.assertIsNone(self.client.job(sent.name), "the same download is with both clients")
