"""Real programs on loopback that the tests of Kinodock talk to.

A rig is an object that starts a program with known settings in a folder of its own, on ports that the kernel
picks, and ends it by its process id. Nothing here listens on another address than 127.0.0.1.
"""
from .aria2 import Aria2
from .deluge import Deluge
from .process import Child, end_all
from .qbittorrent import QBittorrent
from .sink import Answer, MediaServer, Sink
from .news import NewsServer, Post
from .nzbget import NZBGet
from .process import Child, end_all
from .qbittorrent import QBittorrent
from .sabnzbd import SABnzbd
from .swarm import Swarm, Torrent
from .videosite import Fault, VideoSite
from .waiting import TimedOut, wait_until

__all__ = ["Answer", "Child", "Fault", "MediaServer", "QBittorrent", "Sink", "Swarm", "TimedOut", "Torrent", "VideoSite",
           "end_all", "wait_until"]
from .torznab import Torznab
from .waiting import TimedOut, wait_until

__all__ = ["Child", "QBittorrent", "Swarm", "TimedOut", "Torrent", "Torznab", "end_all", "wait_until"]
from .transmission import Transmission
from .waiting import TimedOut, wait_until

__all__ = ["Aria2", "Child", "Deluge", "QBittorrent", "Swarm", "TimedOut", "Torrent", "Transmission", "end_all",
__all__ = ["Child", "NZBGet", "NewsServer", "Post", "QBittorrent", "SABnzbd", "Swarm", "TimedOut", "Torrent", "end_all",
           "wait_until"]
from .tmdb import TMDB, Fault
from .waiting import TimedOut, wait_until

__all__ = ["Child", "Fault", "QBittorrent", "Swarm", "TMDB", "TimedOut", "Torrent", "end_all", "wait_until"]
