"""Stands in for qBittorrent 4.5 in measurements: it answers at once and holds as many torrents as wanted.

A real client would measure itself. This one keeps everything in memory and sends what the real one sends, field for
field. What it adds waits for ever, except a magnet whose name begins with "Moving" (it downloads without progress)
and one that is named like the file given with --complete (it is complete at once).

    stand_in.py PORT FOLDER [--torrents N] [--complete FILE]
"""
import argparse
import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

_PREFERENCES = {"save_path": "", "temp_path_enabled": False, "temp_path": "", "max_ratio_enabled": False,
                "max_ratio": -1, "max_ratio_act": 0, "max_seeding_time_enabled": False, "max_seeding_time": -1,
                "queueing_enabled": False, "dht": False}
_MAGNET = re.compile(rb"magnet:\?[^\s\"]+")


class Torrents:
    """Everything that the stand-in knows, with the numbering of changes that `sync/maindata` uses."""

    def __init__(self, folder: Path, count: int, complete: Path | None) -> None:
        self.folder = folder
        self.complete = complete
        self.rows: dict[str, dict] = {}
        self.changed: dict[str, int] = {}
        self.revision = 1
        self.polls = 0
        self.lock = threading.Lock()
        for number in range(count):
            name = f"Unchanged.Film.{number}.1990.1080p.BluRay.x264-KDK"
            self._put(hashlib.sha1(name.encode()).hexdigest(), name, "stalledUP", 4 << 30)

    def add(self, magnet: str, category: str) -> bool:
        """Adds a magnet; false when it is there already."""
        fields = parse_qs(urlsplit(magnet).query)
        info_hash = fields["xt"][0].rsplit(":", 1)[1].lower()
        name = fields.get("dn", [info_hash])[0]
        with self.lock:
            if info_hash in self.rows:
                return False
            if self.complete and name == self.complete.name:
                self._put(info_hash, name, "stalledUP", self.complete.stat().st_size)
            else:
                self._put(info_hash, name, "downloading" if name.startswith("Moving") else "queuedDL", 1 << 30)
            self.rows[info_hash]["category"] = category
        return True

    def remove(self, hashes: list[str]) -> None:
        with self.lock:
            for info_hash in hashes:
                self.rows.pop(info_hash, None)

    def picked(self, query: dict) -> list[dict]:
        with self.lock:
            rows = {key: row | {"hash": key} for key, row in self.rows.items()} if "hashes" not in query else {
                key: self.rows[key] | {"hash": key} for key in query["hashes"].split("|") if key in self.rows}
        return [row for row in rows.values() if query.get("category") in (None, row["category"])]

    def main_data(self, since: int) -> dict:
        with self.lock:
            self.polls += 1
            full = since <= 0 or since > self.revision
            answer = {"rid": self.revision, "server_state": {"dl_info_speed": 0, "up_info_speed": 0}}
            if full:
                answer |= {"full_update": True, "categories": {}, "tags": [], "torrents": dict(self.rows)}
            elif changed := {key: self.rows[key] for key, number in self.changed.items()
                             if number > since and key in self.rows}:
                answer["torrents"] = changed
            return answer

    def files(self, info_hash: str) -> list[dict] | None:
        row = self.rows.get(info_hash)
        return row and [{"index": 0, "name": row["name"], "size": row["size"], "progress": row["progress"],
                         "priority": 1, "is_seed": row["progress"] == 1, "piece_range": [0, 99], "availability": -1}]

    def _put(self, info_hash: str, name: str, state: str, size: int) -> None:
        done = state == "stalledUP"
        self.revision += 1
        self.changed[info_hash] = self.revision
        self.rows[info_hash] = {
            "added_on": int(time.time()), "amount_left": 0 if done else size, "auto_tmm": False, "availability": 1,
            "category": "", "completed": size if done else 0, "completion_on": int(time.time()) if done else 0,
            "content_path": str(self.folder / name), "dl_limit": 0, "dlspeed": 900_000 if state == "downloading" else 0,
            "download_path": "", "downloaded": size if done else 0, "eta": 8640000, "f_l_piece_prio": False,
            "force_start": False, "infohash_v1": info_hash, "infohash_v2": "", "last_activity": 0,
            "magnet_uri": f"magnet:?xt=urn:btih:{info_hash}", "max_ratio": -1, "max_seeding_time": -1, "name": name,
            "num_complete": 1, "num_incomplete": 0, "num_leechs": 0, "num_seeds": 1, "priority": 0,
            "progress": 1 if done else 0, "ratio": 0, "ratio_limit": -2, "save_path": str(self.folder),
            "seeding_time": 0, "seeding_time_limit": -2, "seq_dl": False, "size": size, "state": state,
            "super_seeding": False, "tags": "", "time_active": 1, "total_size": size, "tracker": "",
            "trackers_count": 0, "up_limit": 0, "uploaded": 0, "upspeed": 0,
        }


class WebApi(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    torrents: Torrents

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        fields = dict(parse_qsl(parts.query)) | dict(parse_qsl(body.decode("utf-8", "replace")))
        answer = self._answer(parts.path.removeprefix("/api/v2/"), fields, body)
        if answer is None:
            self._send(404, "Not Found")
        else:
            self._send(200, answer)

    def _answer(self, path: str, fields: dict, body: bytes) -> object:
        torrents = self.torrents
        match path:
            case "auth/login":
                return "Ok."
            case "app/version":
                return "v4.5.2"
            case "app/webapiVersion":
                return "2.8.19"
            case "app/defaultSavePath":
                return str(torrents.folder)
            case "app/preferences":
                return _PREFERENCES | {"save_path": str(torrents.folder)}
            case "torrents/categories":
                return {}
            case "torrents/info":
                return torrents.picked(fields)
            case "torrents/properties":
                known = fields["hash"] in torrents.rows
                return {"save_path": str(torrents.folder), "piece_size": 1 << 20} if known else None
            case "torrents/files":
                return torrents.files(fields["hash"])
            case "torrents/pieceStates":
                return [2] * 100
            case "sync/maindata":
                return torrents.main_data(int(fields.get("rid", 0)))
            case "torrents/add":
                magnet = fields.get("urls") or _MAGNET.search(body).group().decode()
                category = fields.get("category") or _form_value(body, "category")
                return "Ok." if torrents.add(magnet, category) else "Fails."
            case "torrents/delete":
                torrents.remove(fields["hashes"].split("|"))
                return ""
            case "polls":
                return torrents.polls
        return "" if path.startswith("torrents/") and self.command == "POST" else None

    def _send(self, status: int, answer: object) -> None:
        text = answer if isinstance(answer, str) else json.dumps(answer, separators=(",", ":"))
        media_type = "text/plain" if isinstance(answer, str) else "application/json"
        body = text.encode()
        # One write: two would wait for each other's acknowledgement and measure that.
        self.wfile.write((f"HTTP/1.1 {status} x\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
                          "Set-Cookie: SID=stand-in; HttpOnly; path=/\r\n\r\n").encode() + body)


def _form_value(body: bytes, name: str) -> str:
    """A text field of a multipart form."""
    found = re.search(rb'name="' + name.encode() + rb'"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)\r\n', body)
    return found.group(1).decode() if found else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--torrents", type=int, default=0)
    parser.add_argument("--complete", type=Path)
    arguments = parser.parse_args()
    WebApi.torrents = Torrents(arguments.folder, arguments.torrents, arguments.complete)
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), WebApi)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
