"""From candidates to fields: one rule for each field, and where each value came from.

Readers run in order of trust, so the first candidate of a field wins unless its rule says
otherwise. A wrong value is worse than none.
"""

from __future__ import annotations

from typing import Any

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates import read_date
from pipeline.extract.titles import alike, host_names, plain, without_site
from pipeline.model import Document
from pipeline.urls import absolute, host_of

#: where a title comes from, from the reader's to the search engine's point of view
_TITLES = (
    "text:title",
    "microdata",
    "json-ld",
    "og:title",
    "twitter:title",
    "title",
    "h1 of several",
    "entry",
)
#: shares of words that make two headlines versions of one another
_SAME_HEADLINE = 0.6
_REPEATED = 0.85


class Merge:
    """The candidates of one document, and the fields and provenance decided so far."""

    def __init__(self, document: Document, candidates: list[Candidate]) -> None:
        self._document = document
        self._by_field: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            self._by_field.setdefault(candidate.field, []).append(candidate)
        self.fields: dict[str, Any] = {}
        self.provenance: dict[str, str] = {}

    def decide(self) -> None:
        """Decide every field that its candidates alone can decide."""
        self._site_name()
        self._title()
        self._subtitles()
        self._authors()
        self._dates()
        self._section()
        self._addresses()
        for field in ("description", "tags", "is_paywalled", "agency"):
            self._first(field)

    def set(self, field: str, value: Any, source: str) -> None:
        """Give a field the value that its rule found, with its provenance."""
        if value is not None and value != []:
            self.fields[field] = value
            self.provenance[field] = source

    def of(self, field: str) -> list[Candidate]:
        """All candidates of a field, the most trusted first."""
        return self._by_field.get(field, [])

    def _first(self, field: str) -> None:
        for candidate in self.of(field)[:1]:
            self.set(field, candidate.value, candidate.source)

    def _site_name(self) -> None:
        found = sorted(self.of("site_name"), key=lambda one: one.source not in ("og:site_name", "json-ld"))
        names = [one for one in found if one.source == "og:site_name"] or found
        for candidate in names[:1]:
            value = candidate.value.lstrip("@")
            if 1 < len(value) <= 60:
                self.set("site_name", value, candidate.source)

    def _title(self) -> None:
        document = self._document
        site_names = [one.value for one in self.of("site_name")]
        site_names += host_names(host_of(document.url or ""))
        candidates = self.of("title")
        if document.signals.get("title"):
            candidates = [*candidates, Candidate("title", document.signals["title"], "title")]
        named = {plain(name) for name in site_names}
        h1 = [
            one.value for one in candidates if one.source.startswith("h1") and plain(one.value) not in named
        ]
        cleaned = [
            Candidate("title", title, one.source)
            for one in candidates
            if (title := without_site(one.value, site_names, h1)) and len(title) <= 400
        ]
        titles = [one for one in cleaned if plain(one.value) and plain(one.value) not in named]
        titles.sort(key=lambda one: _TITLES.index(one.source) if one.source in _TITLES else len(_TITLES))
        others = [one.value for one in titles if not one.source.startswith("h1")]
        for candidate in titles:
            # The headline that readers see, when the page's own metadata speaks of the same.
            if candidate.source.startswith("h1") and (
                any(alike(candidate.value, other) >= _SAME_HEADLINE for other in others) or not others
            ):
                self.set("title", candidate.value, "h1")
                return
        for candidate in titles[:1]:
            self.set("title", candidate.value, candidate.source)

    def _subtitles(self) -> None:
        known = {"", plain(self.fields.get("title", ""))}
        subtitles: list[str] = []
        source = ""
        for candidate in self.of("subtitles"):
            for line in candidate.value:
                same = plain(line)
                if same not in known:
                    known.add(same)
                    subtitles.append(line)
                    source = source or candidate.source
        self.set("subtitles", subtitles, source)

    def _authors(self) -> None:
        site = self.fields.get("site_name")
        for candidate in self.of("authors"):
            names = [name for name in candidate.value if not site or plain(name) != plain(site)]
            if names:
                self.set("authors", _without_parts(names), candidate.source)
                return

    def _dates(self) -> None:
        for field in ("published_at", "modified_at"):
            found = self.of(field)
            if not found:
                continue
            best = found[0]
            # The same day with a time of day, from a source of less standing, says more.
            fuller = next(
                (one for one in found if len(one.value) > 10 and one.value[:10] == best.value[:10]), best
            )
            self.set(field, fuller.value, fuller.source)
        if "published_at" not in self.fields:
            self.set("published_at", _date_in_address(self._document.url), "url")

    def _section(self) -> None:
        title, site = self.fields.get("title", ""), self.fields.get("site_name", "")
        for candidate in self.of("section"):
            value = " ".join(str(candidate.value).split())
            if (
                value
                and len(value) <= 60
                and not value.startswith("http")
                and plain(value) not in (plain(title), plain(site))
            ):
                self.set("section", value, candidate.source)
                return

    def _addresses(self) -> None:
        base = self._document.url or (self._document.entry.link if self._document.entry else None)
        order = ("link:canonical", "og:url")
        canonical = sorted(
            self.of("canonical_url"),
            key=lambda one: order.index(one.source) if one.source in order else len(order),
        )
        for candidate in canonical:
            address = absolute(str(candidate.value), base)
            # An address without path is the site's, not the article's.
            if address and address.split("?")[0].rstrip("/").count("/") > 2:
                self.set("canonical_url", address, candidate.source)
                break
        for candidate in self.of("image_url"):
            address = absolute(str(candidate.value), base)
            if address:
                self.set("image_url", address, candidate.source)
                break


def is_repeated(line: str, headlines: list[str]) -> bool:
    """Whether a line at the top of a text is one of the headlines once more."""
    # Paragraphs are told by their length alone: comparing letters costs more than all the rest.
    near = [headline for headline in headlines if len(line) <= 2 * len(headline) + 20]
    return any(
        plain(line) == plain(headline)
        or (len(line) > 30 and abs(len(line) - len(headline)) < 12 and alike(line, headline) >= _REPEATED)
        for headline in near
    )


def _without_parts(names: list[str]) -> list[str]:
    """The names without those that are a part of another: a surname alone beside the whole name."""
    kept = [
        name
        for name in names
        if not any(name != other and f" {name.casefold()} " in f" {other.casefold()} " for other in names)
    ]
    return kept[:20]


def _date_in_address(url: str | None) -> str | None:
    """The day in an address such as ``/2024/04/19/story``; a year and month alone are no date."""
    if not url:
        return None
    parts = url.split("?")[0].split("/")
    for at in range(3, len(parts) - 2):
        year, month, day = parts[at : at + 3]
        if (
            len(year) == 4
            and year.isdigit()
            and month.isdigit()
            and day.isdigit()
            and len(month) <= 2
            and len(day) <= 2
        ):
            return read_date(f"{year}-{month}-{day}")
    return None
