"""Downloads one torrent with libtorrent's own Python binding and prints the seconds. Runs under Debian's Python.

    leech.py FILE.torrent FOLDER
"""
import sys
import time

import libtorrent


def main() -> None:
    # The binding's defaults, but nothing that leaves this machine.
    session = libtorrent.session({"listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False,
                                  "enable_upnp": False, "enable_natpmp": False})
    wanted = libtorrent.add_torrent_params()
    wanted.ti, wanted.save_path = libtorrent.torrent_info(sys.argv[1]), sys.argv[2]
    torrent = session.add_torrent(wanted)
    while not torrent.status().total_wanted_done:
        time.sleep(0.002)
    began = time.monotonic()
    while not torrent.status().is_seeding:
        time.sleep(0.01)
    print(time.monotonic() - began)


if __name__ == "__main__":
    main()
