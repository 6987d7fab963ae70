"""A server that answers like version 3 of TMDB's API and like its server of pictures, with faults on demand.

It is no real program: the real one is on the internet. What it answers follows developer.themoviedb.org: 401 with
code 7 for a wrong key, 404 with code 34, 429 with Retry-After, empty texts where a language has none, and the parts
that `append_to_response` asks for inside of one answer.
"""
import base64
import hashlib
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from .tmdb_titles import FILMS, SHOWS, Film, Show

# One grey pixel. A comment inside makes each picture another one.
_PIXEL = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=")
_PARTS = ("credits", "aggregate_credits", "images", "release_dates", "content_ratings", "external_ids",
          "alternative_titles", "videos", "translations")


@dataclass
class Fault:
    """What happens to requests whose "METHOD /path?query" holds the expression, so many times; None is for ever."""
    match: str
    times: int | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    # So many bytes of the right answer, then the connection is closed.
    truncate: int | None = None
    # A body of so many bytes that begins like a JPEG; without a length when `says_length` is false.
    giant: int | None = None
    says_length: bool = True
    # Seconds before the answer.
    delay: float = 0


@dataclass(frozen=True)
class Asked:
    """A request that came in."""
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]

    @property
    def line(self) -> str:
        return self.path + "?" + "&".join(f"{key}={value}" for key, value in sorted(self.query.items()))


class TMDB:
    """The server, in a thread of this process on a port that the kernel picks."""

    api_key = "0123456789abcdef0123456789abcdef"
    token = "eyJhbGciOiJIUzI1NiJ9.rig.tmdb-read-access-token"

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.requests: list[Asked] = []
        self.bytes_sent = 0
        # An address of pictures that the configuration names in place of its own.
        self.pictures: str | None = None
        self._lock = threading.Lock()
        rig = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def do_GET(self) -> None:
                rig._serve(self)

            def log_message(self, *_arguments: object) -> None:
                pass
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/3"

    def settings(self, **changes: object) -> dict:
        """The settings of the plugin for this server."""
        return {"apiKey": self.api_key, "url": self.url} | changes

    def asked(self, expression: str) -> list[Asked]:
        """The requests whose path holds an expression."""
        with self._lock:
            return [request for request in self.requests if re.search(expression, request.path)]

    def forget(self) -> None:
        """Forgets requests and faults."""
        with self._lock:
            self.requests, self.faults, self.bytes_sent = [], [], 0

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # Answering

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        asked = Asked(handler.command, unquote(parts.path), query,
                      {name.lower(): value for name, value in handler.headers.items()})
        with self._lock:
            self.requests.append(asked)
            fault = self._next_fault(f"{asked.method} {handler.path}")
        if fault and fault.delay:
            time.sleep(fault.delay)
        if fault and fault.giant is not None:
            return self._send_giant(handler, fault)
        if fault and (fault.status != 200 or fault.body):
            return self._send(handler, fault.status, fault.body, fault.headers)
        status, body, headers = self._answer(asked)
        self._send(handler, status, body, headers, fault.truncate if fault else None)

    def _next_fault(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.times != 0 and re.search(fault.match, line):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def _send(self, handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str],
              truncate: int | None = None) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if truncate is not None:
            handler.close_connection = True
        self._write(handler, body if truncate is None else body[:truncate])

    def _send_giant(self, handler: BaseHTTPRequestHandler, fault: Fault) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "image/jpeg")
        if fault.says_length:
            handler.send_header("Content-Length", str(fault.giant))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        left, block = fault.giant, _PIXEL + bytes(65536 - len(_PIXEL))
        while left > 0 and self._write(handler, block[:left]):
            left -= len(block)

    def _write(self, handler: BaseHTTPRequestHandler, data: bytes) -> bool:
        try:
            handler.wfile.write(data)
        except OSError:
            handler.close_connection = True
            return False
        with self._lock:
            self.bytes_sent += len(data)
        return True

    def _answer(self, asked: Asked) -> tuple[int, bytes, dict[str, str]]:
        if found := re.fullmatch(r"/t/p/(\w+)/([\w-]+)\.(jpg|png)", asked.path):
            return self._cached(asked, _picture(found[1] + found[2]), "image/jpeg", 31536000)
        if not asked.path.startswith("/3/"):
            return 404, b"<html><body>nothing here</body></html>", {"Content-Type": "text/html"}
        if not self._knows(asked):
            return _error(401, 7, "Invalid API key: You must be granted a valid key.")
        value = Catalogue(self, asked.query).answer(asked.path[2:].strip("/").split("/"))
        if value is None:
            return _error(404, 34, "The resource you requested could not be found.")
        body = json.dumps(value, ensure_ascii=False).encode()
        return self._cached(asked, body, "application/json;charset=utf-8", 600)

    def _knows(self, asked: Asked) -> bool:
        return (asked.query.get("api_key") == self.api_key
                or asked.headers.get("authorization") == f"Bearer {self.token}")

    @staticmethod
    def _cached(asked: Asked, body: bytes, kind: str, seconds: int) -> tuple[int, bytes, dict[str, str]]:
        tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        headers = {"ETag": tag, "Cache-Control": f"public, max-age={seconds}"}
        if asked.headers.get("if-none-match") == tag:
            return 304, b"", headers
        return 200, body, headers | {"Content-Type": kind}


def _error(status: int, code: int, words: str) -> tuple[int, bytes, dict[str, str]]:
    body = json.dumps({"success": False, "status_code": code, "status_message": words}).encode()
    return status, body, {"Content-Type": "application/json;charset=utf-8"}


def _picture(name: str) -> bytes:
    comment = name.encode()
    return _PIXEL[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + _PIXEL[2:]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


class Catalogue:
    """The answers to one question, in its language."""

    def __init__(self, rig: TMDB, query: dict[str, str]) -> None:
        self.rig = rig
        self.query = query
        self.language = query.get("language", "en-US").split("-")[0]

    def answer(self, path: list[str]) -> object | None:
        """The value for a path; None when there is nothing."""
        match path[1:] if path[0] == "" else path:
            case ["configuration", *rest]:
                return self._configuration(rest[0] if rest else "")
            case ["search", kind]:
                return self._search(kind)
            case ["find", identifier]:
                return self._find(identifier)
            case ["movie", "popular"]:
                return _page([self._film_row(film) for film in FILMS])
            case ["movie", number, *rest]:
                film = next((film for film in FILMS if str(film.id) == number), None)
                return film and self._whole(film, self._film(film), rest)
            case ["tv", number, "season", season]:
                return self._season(number, season)
            case ["tv", number, *rest]:
                show = next((show for show in SHOWS if str(show.id) == number), None)
                return show and self._whole(show, self._show(show), rest)
        return None

    def _configuration(self, part: str) -> object | None:
        base = self.rig.pictures or f"http://127.0.0.1:{self.rig.port}/t/p/"
        return {
            "": {"images": {"base_url": base, "secure_base_url": base, "poster_sizes": ["w92", "w780", "original"]}},
            "countries": [{"iso_3166_1": code, "english_name": name} for code, name in
                          (("DE", "Germany"), ("FR", "France"), ("US", "United States of America"))],
            "languages": [{"iso_639_1": code, "english_name": name, "name": ""} for code, name in
                          (("de", "German"), ("en", "English"), ("fr", "French"))],
            "primary_translations": ["de-DE", "en-US", "fr-FR"],
        }.get(part)

    # Lists

    def _search(self, kind: str) -> dict | None:
        wanted, year = _plain(self.query.get("query", "")), self.query.get("year")
        films = [film for film in FILMS if self._fits(film, wanted) and year in (None, film.released[:4])]
        first_year = self.query.get("first_air_date_year")
        shows = [show for show in SHOWS if self._fits(show, wanted) and first_year in (None, show.began[:4])]
        people = [{"id": 5, "media_type": "person", "name": "Wanted Person", "popularity": 1.0}]
        match kind:
            case "movie":
                return _page([self._film_row(film) for film in films])
            case "tv":
                return _page([self._show_row(show) for show in shows])
            case "multi":
                return _page([self._film_row(film) | {"media_type": "movie"} for film in films] + people
                             + [self._show_row(show) | {"media_type": "tv"} for show in shows])
        return None

    @staticmethod
    def _fits(title: Film | Show, wanted: str) -> bool:
        names = [title.original, *title.others, *(text[0] for text in title.texts.values())]
        return any(set(wanted.split()) <= set(_plain(name).split()) for name in names if name)

    def _find(self, identifier: str) -> dict:
        source = self.query.get("external_source")
        films = [film for film in FILMS if source == "imdb_id" and film.imdb == identifier]
        shows = [show for show in SHOWS if (source == "imdb_id" and show.imdb == identifier)
                 or (source == "tvdb_id" and str(show.tvdb) == identifier)]
        episodes = [{"id": 1, "show_id": 19885, "episode_number": 1}] if identifier == "tt1665071" else []
        return {"movie_results": [self._film_row(film) | {"media_type": "movie"} for film in films],
                "tv_results": [self._show_row(show) | {"media_type": "tv"} for show in shows], "person_results": [],
                "tv_episode_results": episodes, "tv_season_results": []}

    # Titles

    def _text(self, title: Film | Show) -> tuple[str, str]:
        name, overview = title.texts.get(self.language, ("", ""))
        return name or title.original, overview

    def _film_row(self, film: Film) -> dict:
        name, overview = self._text(film)
        return {"adult": False, "id": film.id, "title": name, "original_title": film.original, "overview": overview,
                "original_language": film.language, "release_date": film.released, "genre_ids": [18], "video": False,
                "poster_path": f"/poster-{film.id}.jpg", "backdrop_path": f"/backdrop-{film.id}.jpg",
                "popularity": 10.5, "vote_average": 7.5, "vote_count": 2300}

    def _show_row(self, show: Show) -> dict:
        name, overview = self._text(show)
        return {"adult": False, "id": show.id, "name": name, "original_name": show.original, "overview": overview,
                "original_language": show.language, "first_air_date": show.began, "genre_ids": [18],
                "origin_country": ["GB"], "poster_path": f"/poster-{show.id}.jpg", "backdrop_path": None,
                "popularity": 8.5, "vote_average": 8.5, "vote_count": 900}

    def _film(self, film: Film) -> dict:
        collection = film.collection and {"id": film.collection[0], "name": film.collection[1], "poster_path": None}
        return self._film_row(film) | {
            "belongs_to_collection": collection, "budget": 0, "homepage": "",
            "genres": [{"id": 1, "name": name} for name in film.genres],
            "imdb_id": film.imdb, "production_companies": [{"id": 1, "name": "Image Ten"}],
            "runtime": film.runtime, "status": "Released", "tagline": ""}

    def _show(self, show: Show) -> dict:
        return self._show_row(show) | {
            "created_by": [{"id": 1, "name": "Steven Moffat"}], "episode_run_time": [],
            "genres": [{"id": 80, "name": "Crime"}], "homepage": "https://example.org/sherlock",
            "last_air_date": "2017-01-15", "last_episode_to_air": {"id": 9, "runtime": 90},
            "networks": [{"id": 4, "name": "BBC One"}], "production_companies": [], "status": "Ended", "tagline": "",
            "seasons": [{"season_number": number} for number in show.seasons], "number_of_seasons": len(show.seasons)}

    def _whole(self, title: Film | Show, value: dict, rest: list[str]) -> object | None:
        if rest:
            return {"id": title.id} | self._part(title, rest[0]) if rest[0] in _PARTS else None
        for part in self.query.get("append_to_response", "").split(","):
            if part in _PARTS:
                value[part] = self._part(title, part)
        return value

    def _part(self, title: Film | Show, part: str) -> dict:
        is_film = isinstance(title, Film)
        match part:
            case "credits" | "aggregate_credits":
                return _credits(title, part)
            case "images":
                return self._images(title)
            case "release_dates":
                return {"results": _releases(title) if is_film else []}
            case "content_ratings":
                return {"results": [{"iso_3166_1": country, "rating": text}
                                    for country, text in title.certifications.items()]}
            case "external_ids":
                return {"imdb_id": title.imdb, "tvdb_id": None if is_film else title.tvdb, "wikidata_id": "Q42"}
            case "alternative_titles":
                return {"titles" if is_film else "results": [{"iso_3166_1": "US", "title": name, "type": ""}
                                                             for name in title.others]}
            case "videos":
                trailers = title.trailers if is_film else ()
                wanted = self.query.get("include_video_language", self.language).split(",")
                return {"results": [{"iso_639_1": language, "key": key, "site": "YouTube", "type": "Trailer",
                                     "official": True} for language, key in trailers if language in wanted]}
        key = "title" if is_film else "name"
        return {"translations": [{"iso_639_1": language, "iso_3166_1": "US" if language == "en" else language.upper(),
                                  "data": {key: "" if language == title.language else name, "overview": overview,
                                           "tagline": ""}}
                                 for language, (name, overview) in title.texts.items()]}

    def _images(self, title: Film | Show) -> dict:
        def image(name: str, language: str | None) -> dict:
            return {"file_path": f"/{name}.jpg", "iso_639_1": language, "width": 1000, "height": 1500,
                    "vote_average": 5.0, "vote_count": 3, "aspect_ratio": 0.667}
        posters = [image(f"poster-{title.id}", "en"), image(f"poster-{title.id}-de", "de"),
                   image(f"poster-{title.id}-fr", "fr"), image(f"poster-{title.id}-none", None)]
        wanted = self.query.get("include_image_language")
        if wanted is not None:
            posters = [entry for entry in posters if (entry["iso_639_1"] or "null") in wanted.split(",")]
        logo = image(f"logo-{title.id}", "en") | {"file_path": f"/logo-{title.id}.svg"}
        return {"posters": posters, "backdrops": [image(f"backdrop-{title.id}", None)], "logos": [logo]}

    def _season(self, number: str, season: str) -> dict | None:
        show = next((show for show in SHOWS if str(show.id) == number), None)
        if show is None or not season.isdigit() or int(season) not in show.seasons:
            return None
        names = show.seasons[int(season)]
        own = names.get(self.language, ("",) * len(names["en"]))
        word = {"de": "Folge"}.get(self.language, "Episode")
        episodes = [{"id": index, "episode_number": index, "season_number": int(season), "runtime": 88,
                     "name": name or f"{word} {index}", "air_date": f"2010-08-0{index}", "crew": [], "guest_stars": [],
                     "overview": f"Part {index}." if self.language == "en" else "", "still_path": f"/still-{index}.jpg"}
                    for index, name in enumerate(own, 1)]
        name = "Specials" if season == "0" else f"Season {season}"
        return {"_id": "1", "id": 1, "air_date": "2010-08-01", "episodes": episodes, "name": name, "overview": "",
                "poster_path": None, "season_number": int(season)}


def _page(rows: list[dict]) -> dict:
    return {"page": 1, "results": rows[:20], "total_pages": 1, "total_results": len(rows)}


def _credits(title: Film | Show, part: str) -> dict:
    cast = title.cast if isinstance(title, Film) else (("Benedict Cumberbatch", "Sherlock Holmes"),)
    crew = ((title.director, "Director"),) if isinstance(title, Film) else (("Mark Gatiss", "Executive Producer"),)
    if part == "credits":
        return {"cast": [{"id": index, "name": name, "character": role, "order": index,
                          "profile_path": f"/face{index}.jpg"} for index, (name, role) in enumerate(cast)],
                "crew": [{"id": 90, "name": name, "job": job, "department": job, "profile_path": None}
                         for name, job in crew]}
    return {"cast": [{"id": index, "name": name, "roles": [{"character": role, "episode_count": 10}], "order": index}
                     for index, (name, role) in enumerate(cast)],
            "crew": [{"id": 90, "name": name, "jobs": [{"job": job, "episode_count": 10}]} for name, job in crew]}


def _releases(film: Film) -> list[dict]:
    countries = {**{country: {} for country in film.certifications}, **film.releases}
    return [{"iso_3166_1": country,
             "release_dates": [{"certification": film.certifications.get(country, "") if kind == 3 else "",
                                "release_date": f"{day}T00:00:00.000Z", "type": kind, "iso_639_1": "", "note": ""}
                               for kind, day in dates.items()]}
            for country, dates in countries.items()]
