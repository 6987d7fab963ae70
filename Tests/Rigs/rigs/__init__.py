"""Real programs on loopback that the tests of Kinodock talk to.

A rig is an object that starts a program with known settings in a folder of its own, on ports that the kernel
picks, and ends it by its process id. Nothing here listens on another address than 127.0.0.1.
"""
from .aria2 import Aria2
from .deluge import Deluge
from .news import NewsServer, Post
from .nzbget import NZBGet
from .process import Child, end_all
from .qbittorrent import QBittorrent
from .sabnzbd import SABnzbd
from .sink import Answer, MediaServer, Sink
from .swarm import Swarm, Torrent
from .tmdb import TMDB
from .torznab import Torznab
from .transmission import Transmission
from .videosite import VideoSite
from .waiting import TimedOut, wait_until

__all__ = ["Answer", "Aria2", "Child", "Deluge", "end_all", "MediaServer", "NewsServer", "NZBGet", "Post",
           "QBittorrent", "SABnzbd", "Sink", "Swarm", "TimedOut", "TMDB", "Torrent", "Torznab", "Transmission",
           "VideoSite", "wait_until"]
