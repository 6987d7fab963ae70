"""Seeds torrents on loopback with libtorrent and takes orders over HTTP. Runs under Debian's own Python.

    POST /torrents {"key", "folder", "tracker", "seeded": "fully|half|never", "halfFolder"?}   makes and seeds one
    POST /limit    {"key"?, "kilobytes"}          upload limit in kB each second, 0 for none; without key for all
    POST /pause    {"key"}     POST /resume {"key"}
    GET  /status                                  by key: peers, bytes sent, bytes held

The only argument is the HTTP port; the peer port is picked by the kernel.
"""
import hashlib
import json
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import libtorrent

_V1_ONLY = 64  # create_torrent flag: clients of the tests are older than BitTorrent v2
_LOOPBACK = "127.0.0.1"


def make_session():
    return libtorrent.session({
        "listen_interfaces": f"{_LOOPBACK}:0",
        "outgoing_interfaces": _LOOPBACK,
        "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        # All peers of a loopback swarm share one address.
        "allow_multiple_connections_per_ip": True,
        "seeding_outgoing_connections": True,
        "min_reconnect_time": 1,
        "active_seeds": -1, "active_limit": -1,
        "unchoke_slots_limit": 50, "unchoke_interval": 1,
        "enable_outgoing_utp": False,
        "close_redundant_connections": False,
    })


def hash_of_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def describe(key, folder, tracker):
    """Makes the .torrent of the one file or folder in `folder`; returns it with everything a test wants to know."""
    (entry,) = [path for path in Path(folder).iterdir()]
    files = libtorrent.file_storage()
    libtorrent.add_files(files, str(entry))
    piece_size = 16 * 1024
    while files.total_size() // piece_size > 500 and piece_size < 1 << 20:
        piece_size *= 2
    maker = libtorrent.create_torrent(files, piece_size, flags=_V1_ONLY)
    maker.add_tracker(tracker)
    libtorrent.set_piece_hashes(maker, str(folder))
    metafile = libtorrent.bencode(maker.generate())
    info = libtorrent.torrent_info(libtorrent.bdecode(metafile))
    info_hash = str(info.info_hash())
    parts = [("xt", f"urn:btih:{info_hash}"), ("dn", entry.name), ("tr", tracker)]
    magnet = "magnet:?" + "&".join(f"{name}={urllib.parse.quote(value, safe=':')}" for name, value in parts)
    listing = []
    for index in range(files.num_files()):
        path = files.file_path(index)
        listing.append({"path": path, "size": files.file_size(index), "sha256": hash_of_file(Path(folder) / path)})
    record = {"key": key, "name": entry.name, "infoHash": info_hash, "magnet": magnet, "size": files.total_size(),
              "pieceSize": piece_size, "files": listing}
    return metafile, info, record


class Seeder:
    """The torrents of one swarm. Methods are called from several HTTP threads, so one lock guards them."""

    def __init__(self):
        self.session = make_session()
        self.handles = {}
        self.lock = threading.Lock()

    def publish(self, order):
        metafile, info, record = describe(order["key"], order["folder"], order["tracker"])
        Path(order["metafile"]).write_bytes(metafile)
        with self.lock:
            if order["seeded"] != "never":
                self.handles[order["key"]] = self._seed(info, order)
        return record

    def _seed(self, info, order):
        wanted = libtorrent.add_torrent_params()
        wanted.ti = info
        half = order["seeded"] == "half"
        wanted.save_path = order["halfFolder"] if half else order["folder"]
        flags = libtorrent.torrent_flags
        wanted.flags &= ~(flags.auto_managed | flags.paused)
        wanted.flags |= flags.disable_dht | flags.disable_lsd | flags.disable_pex
        if not half:  # trust the data without hashing; a half one has to find out what it has
            wanted.flags |= flags.seed_mode
        return self.session.add_torrent(wanted)

    def limit(self, order):
        rate = int(order["kilobytes"]) * 1000
        with self.lock:
            for handle in self._picked(order):
                handle.set_upload_limit(rate or -1)

    def pause(self, order):
        with self.lock:
            for handle in self._picked(order):
                handle.pause()

    def resume(self, order):
        with self.lock:
            for handle in self._picked(order):
                handle.resume()

    def status(self):
        with self.lock:
            return {key: self._describe(handle.status()) for key, handle in self.handles.items()}

    def announce_all(self):
        # Asking the tracker every second lets the seeder dial clients that do not dial 127.0.0.1 themselves.
        with self.lock:
            for handle in self.handles.values():
                handle.force_reannounce(0, -1, libtorrent.reannounce_flags_t.ignore_min_interval)

    def _picked(self, order):
        return [self.handles[order["key"]]] if order.get("key") else list(self.handles.values())

    @staticmethod
    def _describe(status):
        return {"peers": status.num_peers, "sent": status.total_payload_upload, "held": status.total_done,
                "ready": str(status.state) in ("seeding", "finished", "downloading")}


class Orders(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seeder: Seeder

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._answer(200, self.seeder.status()) if self.path == "/status" else self._answer(404, None)

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        actions = {"/torrents": self.seeder.publish, "/limit": self.seeder.limit,
                   "/pause": self.seeder.pause, "/resume": self.seeder.resume}
        try:
            self._answer(200, actions[self.path](order))
        except Exception as error:  # the caller is a test: it gets the words, whatever went wrong
            self._answer(500, f"{type(error).__name__}: {error}")

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    Orders.seeder = Seeder()
    server = ThreadingHTTPServer((_LOOPBACK, int(sys.argv[1])), Orders)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:  # ends with the process, which its parent ends
        time.sleep(1)
        Orders.seeder.announce_all()


if __name__ == "__main__":
    main()
