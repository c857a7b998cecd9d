"""Made-up news of a made-up coast: as much as is wanted, and the same every time."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import NamedTuple

#: host -> what the paper calls itself
PAPERS = {
    "courier.example": "The Harbour Courier",
    "observer.example": "Upland Observer",
    "gazette.example": "The Gazette",
    "signalbox.example": "The Signal Box",
}
_TOWNS = ["Port Avelin", "Oderholm", "Karmstadt", "Lowmarket", "Brenn", "Sund Bay", "Kettle Pass", "Wexmoor"]
_PEOPLE = ["Marta Lindqvist", "Tomas Brandt", "Aiko Mori", "Ines Okafor", "Rosa Valdane", "Jon Ferrer"]
_SECTIONS = ["Transport", "Local", "Culture", "Science", "Business", "Weather"]
_THINGS = [
    *("tidal ferry", "night market", "harbour crane", "tram depot", "lighthouse", "school garden"),
    *("paper theatre", "fish auction", "observatory", "railway bridge", "town archive", "wool exchange"),
]
_HEADLINES = [
    "{town} votes to keep its {thing}",
    "The {thing} of {town} opens again after the winter",
    "Who pays for the {thing}? {town} looks for an answer",
    "A quiet morning at the {thing} in {town}",
    "{town} moves its {thing} uphill, stone by stone",
    "Storm takes the roof of the {thing} in {town}",
]
_SENTENCES = [
    "The council of {town} met on {day} to decide what becomes of the {thing}.",
    "Nobody in the room doubted that {town} needs it, said {person}, who has kept the {thing} for {n} years.",
    "The repairs cost {n} thousand crowns, of which the region pays a third.",
    "Last year {n} thousand people came to see the {thing}, more than in any year since it was built.",
    "{person} had brought drawings, and the meeting lasted until the last train.",
    "Work begins in spring, when the river is low enough to reach the piles from below.",
    "In {other}, where they tried the same, it took {n} months longer than anybody had thought.",
    "The old plans, found in a drawer of the station, show that the wall was never meant to carry a roof.",
    "Whoever wants to help finds {person} at the {thing} every {day} from eight in the morning.",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


class Story(NamedTuple):
    url: str
    html: str


def story(number: int, published: float) -> Story:
    """The number-th story; ``published``: Unix seconds."""
    rng = random.Random(number)
    host = rng.choice(list(PAPERS))
    words = {"town": rng.choice(_TOWNS), "thing": rng.choice(_THINGS)}
    title = rng.choice(_HEADLINES).format(**words)
    day = datetime.fromtimestamp(published, UTC)
    text = "".join(f"<p>{_paragraph(rng, words)}</p>\n" for _ in range(rng.randrange(4, 8)))
    html = (
        f'<!doctype html><html lang="en"><head><title>{title} | {PAPERS[host]}</title>'
        f'<meta property="og:site_name" content="{PAPERS[host]}">'
        f'<meta name="author" content="{rng.choice(_PEOPLE)}">'
        f'<meta property="article:section" content="{rng.choice(_SECTIONS)}">'
        f'<meta property="article:published_time" content="{day.isoformat(timespec="seconds")}"></head>'
        f'<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>{title}</h1>\n{text}'
        f"</article><footer>© {PAPERS[host]}</footer></body></html>"
    )
    return Story(f"https://{host}/{day:%Y/%m/%d}/{number}", html)


def _paragraph(rng: random.Random, words: dict[str, str]) -> str:
    chosen = rng.sample(_SENTENCES, rng.randrange(3, 6))
    return " ".join(
        one.format(
            **words,
            other=rng.choice(_TOWNS),
            person=rng.choice(_PEOPLE),
            day=rng.choice(_DAYS),
            n=rng.randrange(2, 90),
        )
        for one in chosen
    )


__all__ = ["PAPERS", "Story", "story"]
