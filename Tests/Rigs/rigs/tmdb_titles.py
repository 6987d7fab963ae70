"""A small catalogue for the TMDB rig: films and series with the gaps and doubles that the real one has.

Ids are those of the real catalogue where a title has one. `texts` holds title and overview by language; an empty text
stands for one that nobody has entered.
"""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Film:
    id: int
    imdb: str
    original: str
    language: str
    released: str
    runtime: int
    texts: dict[str, tuple[str, str]]
    genres: tuple[str, ...] = ("Drama",)
    director: str = "Ada Example"
    cast: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()
    certifications: dict[str, str] = field(default_factory=dict)
    # By country: kind of release by TMDB's number -> day.
    releases: dict[str, dict[int, str]] = field(default_factory=dict)
    collection: tuple[int, str] | None = None
    trailers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Show:
    id: int
    imdb: str
    tvdb: int
    original: str
    language: str
    began: str
    texts: dict[str, tuple[str, str]]
    # By number: names of episodes by language; "" is one that has no name in it.
    seasons: dict[int, dict[str, tuple[str, ...]]]
    certifications: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()


FILMS = (
    Film(10331, "tt0063350", "Night of the Living Dead", "en", "1968-10-04", 96,
         {"en": ("Night of the Living Dead", "Seven people hide in a house from the dead who walk."),
          "de": ("Die Nacht der lebenden Toten", ""),
          "fr": ("La Nuit des morts-vivants", "Sept personnes se cachent dans une maison.")},
         ("Horror", "Thriller"), "George A. Romero", (("Duane Jones", "Ben"), ("Judith O'Dea", "Barbra")),
         ("Night of the Flesh Eaters",), {"US": "NR", "DE": "18"},
         {"US": {3: "1968-10-04", 5: "1997-06-01"}, "DE": {3: "1971-10-29", 4: "2012-05-01", 2: "1970-01-01"}},
         trailers=(("en", "trailer-en"),)),
    Film(19, "tt0017136", "Metropolis", "de", "1927-02-06", 153,
         {"en": ("Metropolis", "In a city of two classes a son of the upper one loves a woman of the lower one."),
          "de": ("Metropolis", "In einer Stadt der Zukunft leben zwei Klassen.")},
         ("Science Fiction",), "Fritz Lang", (("Brigitte Helm", "Maria"),),
         trailers=(("en", "any"), ("de", "deutsch"))),
    Film(129, "tt0245429", "千と千尋の神隠し", "ja", "2001-07-20", 125,
         {"en": ("Spirited Away", "A girl has to work in a bath house of spirits."),
          "ja": ("千と千尋の神隠し", "千尋という少女。"), "de": ("", "")},
         ("Animation",), "Hayao Miyazaki", collection=(9000900, "Baths")),
    Film(838, "tt9000838", "Le Vide", "fr", "1999-01-02", 80,
         {"en": ("", ""), "fr": ("Le Vide", "Il n'y a rien.")}),
    Film(841, "tt0087182", "Dune", "en", "1984-12-14", 137, {"en": ("Dune", "A desert planet, in 1984.")}),
    Film(438631, "tt1160419", "Dune", "en", "2021-09-15", 155, {"en": ("Dune", "A desert planet, in 2021.")}),
)

SHOWS = (
    Show(19885, "tt1475582", 176941, "Sherlock", "en", "2010-07-25",
         {"en": ("Sherlock", "A detective in London."), "de": ("Sherlock", "")},
         {0: {"en": ("Unaired Pilot",)},
          1: {"en": ("A Study in Pink", "The Blind Banker", "The Great Game"), "de": ("Ein Fall von Pink", "", "")}},
         {"GB": "12", "US": "TV-14"}, ("Sherlock (UK)",)),
    Show(9000101, "tt0052451", 71481, "One Step Beyond", "en", "1959-01-20",
         {"en": ("One Step Beyond", "Half an hour of what nobody could explain.")},
         {1: {"en": ("The Bride Possessed", "Night of April 14th")}}),
)
