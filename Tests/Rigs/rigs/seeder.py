"""Seeds torrents on loopback with libtorrent and takes orders over HTTP. Runs under Debian's own Python.

    POST /torrents {"key", "folder", "tracker", "seeded": "fully|half|never", "halfFolder"?,
                    "kind": "v1|v2|hybrid", "disguise"?}   makes and seeds one
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

_KINDS = {"v1": libtorrent.create_torrent.v1_only, "v2": libtorrent.create_torrent.v2_only, "hybrid": 0}
_PADDING = libtorrent.file_flags_t.flag_pad_file
_LOOPBACK = "127.0.0.1"


def make_session(takes_utp):
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
        "enable_outgoing_utp": False, "enable_incoming_utp": takes_utp,
        "close_redundant_connections": False,
    })


def hash_of_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def make_metafile(order, entry):
    """The .torrent of the one file or folder `entry`, with the files that it describes."""
    files, folder = libtorrent.file_storage(), Path(order["folder"])
    for path in sorted(path for path in [entry, *entry.rglob("*")] if path.is_file()):
        files.add_file(str(path.relative_to(folder)), path.stat().st_size)
    piece_size = 16 * 1024
    while files.total_size() // piece_size > 500 and piece_size < 1 << 20:
        piece_size *= 2
    maker = libtorrent.create_torrent(files, piece_size, flags=_KINDS[order["kind"]])
    maker.add_tracker(order["tracker"])
    libtorrent.set_piece_hashes(maker, order["folder"])
    return libtorrent.bencode(disguise(maker.generate(), order.get("disguise") or {})), files


def disguise(torrent, names):
    """Puts other names in place of components of paths, as somebody with bad intentions would."""
    info = torrent[b"info"]
    info[b"name"] = names.get(info[b"name"].decode(), info[b"name"].decode()).encode()
    for file in info.get(b"files", []):
        file[b"path"] = [names.get(part.decode(), part.decode()).encode() for part in file[b"path"]]
    return torrent


def magnets(hashes, name, tracker):
    """A magnet with every hash, and one for each hash alone."""
    topics = {"v1": f"urn:btih:{hashes.v1}"} if hashes.has_v1() else {}
    if hashes.has_v2():
        topics["v2"] = f"urn:btmh:1220{hashes.v2}"

    def magnet(topics):
        parts = [*(("xt", topic) for topic in topics), ("dn", name), ("tr", tracker)]
        return "magnet:?" + "&".join(f"{key}={urllib.parse.quote(value, safe=':')}" for key, value in parts)
    return {"magnet": magnet(topics.values())} | {kind: magnet([topic]) for kind, topic in topics.items()}


def describe(order):
    """Makes the .torrent of the one file or folder in `folder`; returns it with everything a test wants to know."""
    folder = Path(order["folder"])
    (entry,) = folder.iterdir()
    metafile, files = make_metafile(order, entry)
    info = libtorrent.torrent_info(libtorrent.bdecode(metafile))
    hashes = info.info_hashes()
    links = magnets(hashes, info.name(), order["tracker"])
    listing = []
    # The paths on this disk, which a disguise does not change; padding of a hybrid torrent is no file.
    paths = [path for path in map(files.file_path, range(files.num_files())) if (folder / path).is_file()]
    for path in paths:
        listing.append({"path": path, "size": (folder / path).stat().st_size, "sha256": hash_of_file(folder / path)})
    real = [index for index in range(info.num_files()) if not info.files().file_flags(index) & _PADDING]
    for index, path in zip(real, paths):
        info.rename_file(index, path)
    record = {"key": order["key"], "name": info.name(), "magnet": links.pop("magnet"), "magnets": links,
              "infoHash": str(hashes.v1 if hashes.has_v1() else hashes.v2),
              "shortV2": str(hashes.v2)[:40] if hashes.has_v2() else None,
              "size": sum(file["size"] for file in listing), "pieceSize": info.piece_length(), "files": listing}
    return metafile, info, record


class Seeder:
    """The torrents of one swarm. Methods are called from several HTTP threads, so one lock guards them."""

    def __init__(self):
        self.session = make_session("--tcp" not in sys.argv)
        self.handles = {}
        self.lock = threading.Lock()

    def publish(self, order):
        metafile, info, record = describe(order)
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
