"""Metadata over HTTP: the plugin tmdb on a TMDB that behaves like the real one, its errors included."""
import hashlib
import sqlite3
from contextlib import closing
from urllib.parse import urlencode

from harness import world
from harness.case import ClientCase, ServerCase
from harness.process import Usage
from rigs import TMDB, wait_until
from rigs.tmdb import Fault

PROVIDERS = "/api/metadata-providers"
NIGHT = "/api/metadata/movies/tmdb:10331"


class MetadataCase(ServerCase):
    """Tests on a server with a TMDB of its own."""

    tmdb: TMDB

    @classmethod
    def setUpClass(cls) -> None:
        cls.tmdb = TMDB()
        cls.addClassCleanup(cls.tmdb.stop)
        super().setUpClass()

    def tearDown(self) -> None:
        self.tmdb.forget()
        for provider in self.api.get(PROVIDERS).json:
            self.answers(self.api.delete(f"{PROVIDERS}/{provider['id']}"), 204)

    def add(self, name: str = "TMDB", rig: TMDB | None = None, priority: int = 1, **settings: object) -> dict:
        """Configures a provider and forgets what the rig was asked meanwhile."""
        rig = rig or self.tmdb
        body = {"name": name, "implementation": "tmdb", "enabled": True, "priority": priority,
                "settings": rig.settings(**settings)}
        return self.answers(self.api.post(PROVIDERS, body), 201).json

    def metadata(self, path: str, *statuses: int, **query: object) -> dict:
        target = f"/api/metadata/{path}" + ("?" + urlencode(query) if query else "")
        return self.answers(self.api.get(target), *(statuses or (200,))).json


class Metadata(MetadataCase):
    def test_search_in_words_with_years_kinds_and_languages(self) -> None:
        self.add()
        found = self.metadata("search", query="dune")
        self.assertEqual([title["year"] for title in found["results"]], [1984, 2021])
        self.assertEqual(found["provider"]["implementation"], "tmdb")
        found = self.metadata("search", query="dune", type="movie", year=2021)["results"]
        self.assertEqual([(title["id"], title["type"]) for title in found], [("tmdb:438631", "movie")])
        self.assertEqual(self.metadata("search", query="sherlock", type="movie")["results"], [])
        german = self.metadata("search", query="living dead", type="movie", language="de-DE")["results"][0]
        self.assertEqual(german["title"], "Die Nacht der lebenden Toten")
        self.assertIn("Seven people", german["overview"])
        by_id = self.metadata("search", query="imdb:tt0063350")["results"]
        self.assertEqual([title["title"] for title in by_id], ["Night of the Living Dead"])

    def test_a_movie_is_one_request_and_has_everything(self) -> None:
        self.add(region="DE")
        movie = self.answers(self.api.get(NIGHT), 200).json
        self.assertEqual((movie["title"], movie["year"], movie["runtime"]), ("Night of the Living Dead", 1968, 96))
        self.assertEqual((movie["certification"], movie["certifications"]), ("18", {"DE": "18", "US": "NR"}))
        self.assertEqual(movie["releaseDates"]["digital"], "2012-05-01")
        self.assertEqual(movie["externalIds"]["imdb"], "tt0063350")
        self.assertIn("Night of the Flesh Eaters", movie["alternativeTitles"])
        self.assertEqual(movie["credits"][0], {"name": "Duane Jones", "role": "actor", "character": "Ben",
                                               "imageUrl": movie["credits"][0]["imageUrl"]})
        self.assertEqual(len(self.tmdb.asked("/movie/10331")), 1)
        again = self.metadata("movies/tt0063350")
        self.assertEqual(again["title"], movie["title"])

    def test_series_seasons_and_find(self) -> None:
        self.add()
        series = self.metadata("series/tmdb:19885")
        self.assertEqual((series["seasons"], series["networks"]), ([0, 1], ["BBC One"]))
        season = self.metadata("series/tmdb:19885/seasons/1")
        self.assertEqual([episode["title"] for episode in season["episodes"]],
                         ["A Study in Pink", "The Blind Banker", "The Great Game"])
        found = self.metadata("find", source="tvdb", id="176941")["results"]
        self.assertEqual([title["id"] for title in found], ["tmdb:19885"])
        images = self.metadata("movies/tmdb:10331/images")["images"]
        self.assertEqual({image["language"] for image in images if image["type"] == "poster"}, {"en", "de", "fr", None})

    def test_what_is_not_there_and_what_makes_no_sense(self) -> None:
        self.refuses(self.api.get("/api/metadata/search?query=dune"), 422)
        self.refuses(self.api.get(NIGHT), 422)
        self.add()
        for path in ("movies/tmdb:1", "series/tmdb:10331", "series/tmdb:19885/seasons/9", "movies/imdb:tt9999999"):
            with self.subTest(path=path):
                self.refuses(self.api.get(f"/api/metadata/{path}"), 404)
        for path in ("search", "search?query=", "search?query=x&type=opera", "search?query=x&year=1",
                     "find?source=imdb", "series/tmdb:1/seasons/x", "movies/%20", "movies/tmdb:",
                     "search?query=x&refresh=2"):
            with self.subTest(path=path):
                self.refuses(self.api.get(f"/api/metadata/{path}"), 400)
        self.answers(self.api.as_nobody().get(NIGHT), 401)
        self.assertIn("/api/metadata/search", self.api.get("/openapi.json").json["paths"])

    def test_a_wrong_key_is_said_by_the_test_and_by_the_search(self) -> None:
        body = {"name": "Wrong", "implementation": "tmdb", "settings": self.tmdb.settings(apiKey="f" * 32)}
        refusal = self.refuses(self.api.post(f"{PROVIDERS}/test", body), 400)
        self.says(refusal["error"], "refuses", "key")
        self.assertEqual(self.api.post(f"{PROVIDERS}/test", body | {"settings": self.tmdb.settings()}).status, 200)
        token = self.tmdb.settings(apiKey=self.tmdb.token)
        good = self.answers(self.api.post(f"{PROVIDERS}/test", body | {"settings": token}), 200).json
        self.assertEqual([check["name"] for check in good["checks"]],
                         ["connection", "key", "language", "region", "pictures"])
        self.add(apiKey="f" * 32)
        refusal = self.refuses(self.api.get("/api/metadata/search?query=dune"), 502)
        self.assertEqual(refusal["code"], "UNAUTHORIZED")
        self.assertNotIn("f" * 32, self.server.log_text())

    def test_slow_down_is_obeyed(self) -> None:
        self.add()
        self.tmdb.faults = [Fault("/movie/10331", times=1, status=429, headers={"Retry-After": "1"})]
        self.assertEqual(self.metadata("movies/tmdb:10331")["year"], 1968)
        self.assertEqual(len(self.tmdb.asked("/movie/10331")), 2)
        self.tmdb.faults = [Fault("/movie/19", status=429, headers={"Retry-After": "120"})]
        reply = self.api.get("/api/metadata/movies/tmdb:19")
        self.assertEqual(self.refuses(reply, 502)["code"], "RATE_LIMITED")
        self.assertGreater(int(reply.headers["Retry-After"]), 100)
        self.refuses(self.api.get("/api/metadata/movies/tmdb:129"), 502)
        self.assertEqual(self.tmdb.asked("/movie/129"), [])

    def test_another_provider_steps_in(self) -> None:
        other = TMDB()
        self.addCleanup(other.stop)
        self.add("First", apiKey="f" * 32)
        self.add("Second", other, priority=2)
        movie = self.answers(self.api.get(NIGHT), 200).json
        self.assertEqual(movie["provider"]["name"], "Second")
        self.says(movie["problems"][0]["message"], "TMDB", "key")
        status = {entry["name"]: entry["status"]["health"] for entry in self.api.get(PROVIDERS).json}
        self.assertEqual(status, {"First": "failing", "Second": "healthy"})

    def test_what_is_no_api_is_said_in_words(self) -> None:
        cases = {"html": (Fault("/movie/", body=b"<!DOCTYPE html><html>sign in</html>"), 502),
                 "error": (Fault("/movie/", status=500, body=b"oops"), 502),
                 "cut": (Fault("/movie/", truncate=200), 502),
                 "nonsense": (Fault("/movie/", body=b'{"id": 10331, "ti'), 502),
                 "giant": (Fault("/movie/", giant=500_000_000), 502)}
        for word, (fault, status) in cases.items():
            with self.subTest(fault=word):
                self.add(word)
                self.tmdb.faults = [fault]
                self.refuses(self.api.get(NIGHT), status)
                self.tearDown()
        self.assertLess(Usage.of(self.server.child.pid).resident_mb, 200)

    def test_a_restart_asks_nothing_again(self) -> None:
        self.add()
        first = [self.api.get(NIGHT).json, self.metadata("search", query="dune")]
        asked = len(self.tmdb.requests)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertEqual([self.api.get(NIGHT).json, self.metadata("search", query="dune")], first)
        self.assertEqual(len(self.tmdb.requests), asked)
        self.metadata("movies/tmdb:10331", refresh="true")
        self.assertGreater(len(self.tmdb.requests), asked)


class Pictures(MetadataCase):
    def poster(self, movie: int = 10331) -> str:
        return self.metadata(f"movies/tmdb:{movie}")["posterUrl"]

    def test_a_picture_is_fetched_once_and_stays(self) -> None:
        self.add()
        path = self.poster()
        reply = self.answers_picture(path)
        for _ in range(2):
            self.assertEqual(self.answers_picture(path).body, reply.body)
        self.assertEqual(len(self.tmdb.asked("/t/p/")), 1)
        self.assertEqual(self.api.get(path, if_none_match=reply.headers["ETag"]).status, 304)
        self.assertEqual(self.api.head(path).headers["Content-Length"], str(len(reply.body)))
        self.assertEqual(self.api.as_nobody().get(path).status, 401)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertEqual(self.answers_picture(path).body, reply.body)
        self.assertEqual(len(self.tmdb.asked("/t/p/")), 1)
        name = hashlib.sha256(reply.body).hexdigest()
        self.assertEqual((self.server.data / "images" / name[:2] / name).read_bytes(), reply.body)

    def answers_picture(self, path: str):
        reply = self.api.get(path)
        self.assertEqual(reply.status, 200, str(reply))
        self.assertEqual(reply.headers["Content-Type"], "image/jpeg")
        return reply

    def test_a_giant_poster_ends_early_with_a_reason(self) -> None:
        self.add()
        for movie, says_length in ((19, True), (129, False)):
            with self.subTest(says_length=says_length):
                path = self.poster(movie)
                self.tmdb.bytes_sent = 0
                self.tmdb.faults = [Fault("/t/p/", giant=500_000_000, says_length=says_length)]
                self.says(self.refuses(self.api.get(path), 502)["error"], "20971520 bytes")
                self.assertLess(self.tmdb.bytes_sent, 60_000_000)
                self.refuses(self.api.get(path), 502)
                self.assertEqual(len(self.tmdb.asked(f"/t/p/.*{movie}")), 1)
                self.tmdb.faults = []
        self.assertEqual(list((self.server.data / "images" / "incoming").iterdir()), [])
        self.assertLess(Usage.of(self.server.child.pid).resident_mb, 200)

    def test_a_page_in_the_place_of_a_picture_is_refused(self) -> None:
        self.add()
        path = self.poster(841)
        self.tmdb.faults = [Fault("/t/p/", body=b"<html>sign in</html>", headers={"Content-Type": "image/jpeg"})]
        self.says(self.refuses(self.api.get(path), 502)["error"], "jpeg")
        self.refuses(self.api.get("/api/images/" + "0" * 32), 404)
        self.refuses(self.api.get("/api/images/..%2f..%2fkinodock.sqlite"), 400, 404)

    def test_pictures_lead_nowhere_inside_the_network(self) -> None:
        victim = TMDB()
        self.addCleanup(victim.stop)
        self.tmdb.pictures = f"http://localhost:{victim.port}/t/p/"
        self.addCleanup(setattr, self.tmdb, "pictures", None)
        self.add()
        self.says(self.refuses(self.api.get(self.poster(838)), 502)["error"], "private network")
        self.assertEqual(victim.requests, [])


class FilledTitles(ClientCase):
    """Titles that are added to the library get their data without anybody waiting for it."""

    tmdb: TMDB

    @classmethod
    def setUpClass(cls) -> None:
        cls.tmdb = TMDB()
        cls.addClassCleanup(cls.tmdb.stop)
        super().setUpClass()
        body = {"name": "TMDB", "implementation": "tmdb", "settings": cls.tmdb.settings(region="US")}
        cls.provider = cls.api.post(PROVIDERS, body).json["id"]

    def media(self, **body: object) -> dict:
        torrent = world.clip("Filled", "other-feature")
        self.swarm.limit(20, torrent.key)
        return self.answers(self.api.post("/api/media", {"magnetLink": torrent.magnet} | body), 201).json

    def filled(self, made: dict) -> dict:
        def look() -> dict | None:
            row = self.api.get(f"/api/media/{made['id']}").json
            return row if row["overview"] else None
        return wait_until(look, 15, "the title to be filled in")

    def test_by_its_id_with_a_poster_of_this_server(self) -> None:
        self.tmdb.faults = [Fault("/movie/10331", times=1, delay=2)]
        made = self.media(type="movie", tmdbId=10331, title="My own name")
        self.assertIsNone(made["overview"])
        row = self.filled(made)
        self.assertEqual((row["title"], row["year"], row["runtime"]), ("My own name", 1968, 96))
        self.assertEqual((row["genres"], row["certification"]), (["Horror", "Thriller"], "NR"))
        picture = self.api.get(row["posterUrl"])
        self.assertEqual((picture.status, picture.headers["Content-Type"]), (200, "image/jpeg"))

    def test_by_a_unique_name_and_year(self) -> None:
        row = self.filled(self.media(type="movie", title="dune", year=2021))
        self.assertEqual((row["tmdbId"], row["runtime"]), (438631, 155))

    def test_a_name_of_two_is_left_alone(self) -> None:
        made = self.media(type="movie", title="Dune")
        def is_settled() -> bool:
            with closing(sqlite3.connect(f"file:{self.server.database()}?mode=ro", uri=True)) as connection:
                return not connection.execute("SELECT 1 FROM title_lookups WHERE title_id = ?",
                                              (made["id"],)).fetchone()
        wait_until(is_settled, 15, "the lookup to end")
        row = self.api.get(f"/api/media/{made['id']}").json
        self.assertEqual((row["tmdbId"], row["overview"], row["posterUrl"]), (None, None, None))
