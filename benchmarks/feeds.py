"""``python -m benchmarks.feeds --corpus feeds-dev.tar.xz``: what is found in a pack of feeds.

The pack is a tar archive with ``feeds/index.jsonl``: a record per feed with ``file``, ``source``, ``url``,
``headers``, and what a parser should find (``expect``), or what two others agree on (``consensus``):
``{n, error, feed: {...}, entries: [{i, title, url, id, date, author, content, summary}]}``.
``feeds/dates.jsonl``, if there, holds date strings and their instants.
"""

from __future__ import annotations

import argparse
import html
import importlib
import json
import re
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import sources, urls
from pipeline.errors import SourceError
from pipeline.model import Entry
from pipeline.settings import Settings
from pipeline.sources.entries import ParsedFeed, plain
from pipeline.sources.feed import parse_by_reference, parse_feed
from pipeline.sources.feed_dates import iso

FIELDS = ("count", "error", "title", "url", "id", "date", "author", "content", "summary")
Unmet = tuple[str, str, str, str, str]


class Pack:
    """The archive, read into memory."""

    def __init__(self, path: Path) -> None:
        with tarfile.open(path) as archive:
            self._bodies = {
                member.name: archive.extractfile(member).read()  # type: ignore[union-attr]
                for member in archive
                if member.isfile()
            }

    def records(self) -> Iterator[tuple[dict[str, Any], bytes]]:
        for line in self._bodies["feeds/index.jsonl"].splitlines():
            record = json.loads(line)
            yield record, self._bodies[record["file"]]

    def dates(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._bodies.get("feeds/dates.jsonl", b"").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feeds", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument(
        "--unmet", nargs="*", metavar="FIELD", help="list what is not met, of these fields or all"
    )
    parser.add_argument("--source", nargs="*", help="only feeds of these sources")
    parser.add_argument("--timing", default="real", help="the source whose feeds are timed")
    given = parser.parse_args()
    pack = Pack(given.corpus)
    found = Findings()
    for record, body in pack.records():
        if not given.source or record["source"] in given.source:
            found.add(record, body)
    found.report(given.unmet)
    report_dates(pack.dates(), given.unmet is not None)
    report_times([(r, b) for r, b in pack.records() if r["source"] == given.timing])


class Findings:
    """What came of the feeds, by source."""

    def __init__(self) -> None:
        self._ends: dict[str, Counter[str]] = defaultdict(Counter)
        self._entries: dict[str, Counter[str]] = defaultdict(Counter)
        self._fewer: list[str] = []
        self._met: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
        self._unmet: list[Unmet] = []

    def add(self, record: dict[str, Any], body: bytes) -> None:
        source, file = record["source"], record["file"]
        content_type = (record.get("headers") or {}).get("content-type")
        parsed: ParsedFeed | None = None
        try:
            parsed, _ = sources.read_feed(
                body, record.get("url") or "http://unknown.invalid/", content_type, Settings()
            )
            self._ends[source]["accepted"] += 1
        except SourceError:
            self._ends[source]["refused"] += 1
        except Exception as error:  # noqa: BLE001 - a crash is a finding
            self._ends[source]["crashed"] += 1
            print(f"CRASH {file}: {error!r}")
        ours = len(parsed.entries) if parsed else 0
        peers = {name: peer(body, content_type) for name, peer in PEERS.items()}
        self._entries[source].update(ours=ours, **peers)
        if ours < max(peers.values(), default=0):
            self._fewer.append(f"{file}: {ours} entries, {peers}")
        for kind in ("expect", "consensus"):
            if wanted := record.get(kind):
                label = source if kind == "expect" else f"{source}, consensus"
                for name, good, want, got in compared(wanted, parsed):
                    self._met[label, name][good] += 1
                    if not good:
                        self._unmet.append((label, name, file, want, got))

    def report(self, wanted: list[str] | None) -> None:
        print(f"{'source':26}{'accepted':>9}{'refused':>9}{'crashed':>9}   entries")
        for source, ends in self._ends.items():
            counts = ", ".join(f"{name} {number}" for name, number in self._entries[source].items())
            print(f"{source:26}{ends['accepted']:9}{ends['refused']:9}{ends['crashed']:9}   {counts}")
        print(f"\nfeeds with fewer entries than a peer finds: {len(self._fewer)}")
        for line in self._fewer:
            print(f"  {line}")
        print(f"\n{'expectations met':30}" + "".join(f"{name:>12}" for name in FIELDS))
        for label in dict.fromkeys(label for label, _ in self._met):
            cells = [self._met.get((label, name)) for name in FIELDS]
            row = (f"{cell[True]}/{cell.total()}" if cell else "" for cell in cells)
            print(f"{label:30}" + "".join(f"{cell:>12}" for cell in row))
        if wanted is not None:
            for label, name, file, want, got in self._unmet:
                if not wanted or name in wanted:
                    print(f"\n{label} {name}: {file}\n  wanted {want[:300]}\n  got    {got[:300]}")


def compared(wanted: dict[str, Any], parsed: ParsedFeed | None) -> Iterator[tuple[str, bool, str, str]]:
    """Each expectation: its field, whether it is met, and the two sides as text."""
    if wanted.get("error"):
        yield "error", parsed is None, "refused", "accepted" if parsed else "refused"
        return
    entries = parsed.entries if parsed else []
    if "n" in wanted:
        yield "count", len(entries) == wanted["n"], str(wanted["n"]), str(len(entries))
    about = wanted.get("feed") or {}
    if about.get("title"):
        got = (parsed and parsed.title) or ""
        yield "title", same_text(about["title"], got), f"(feed) {about['title']!r}", repr(got)
    for one in wanted.get("entries", ()):
        entry = entries[one["i"]] if one["i"] < len(entries) else Entry(key="(no such entry)")
        for name, compare in COMPARED.items():
            if one.get(name) is not None:
                good, got = compare(str(one[name]), entry)
                yield name, good, f"[{one['i']}] {one[name]!r}", repr(got)


def same_text(wanted: str, got: str | None) -> bool:
    # A title has lost its markup already; what is left in angle brackets stands for itself.
    return words(wanted) in (words(got or ""), re.sub(r"\s+", "", got or ""))


def words(text: str) -> str:
    return re.sub(r"\s+", "", html.unescape(plain(text)))


def _title(wanted: str, entry: Entry) -> tuple[bool, str | None]:
    return same_text(wanted, entry.title), entry.title


def _url(wanted: str, entry: Entry) -> tuple[bool, str | None]:
    try:
        same = urls.canonical(wanted) == urls.canonical(entry.link or "")
    except SourceError:
        same = wanted == entry.link
    return same, entry.link


def _id(wanted: str, entry: Entry) -> tuple[bool, str]:
    return entry.key == wanted or entry.key.startswith(f"{wanted}|"), entry.key


def _date(wanted: str, entry: Entry) -> tuple[bool, str | None]:
    got = entry.published or entry.updated
    return instant(wanted) in (instant(entry.published), instant(entry.updated)), got


def _author(wanted: str, entry: Entry) -> tuple[bool, str]:
    got = ", ".join(entry.authors)
    return same_text(wanted, got), got


def _content(wanted: str, entry: Entry) -> tuple[bool, str | None]:
    return any(
        same_text(wanted, text) for text in (entry.content, entry.summary)
    ), entry.content or entry.summary


def _summary(wanted: str, entry: Entry) -> tuple[bool, str | None]:
    return any(same_text(wanted, text) for text in (entry.summary, entry.content)), entry.summary


COMPARED: dict[str, Callable[[str, Entry], tuple[bool, str | None]]] = {
    "title": _title, "url": _url, "id": _id, "date": _date, "author": _author, "content": _content,
    "summary": _summary,
}  # fmt: skip


def instant(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def report_dates(rows: list[dict[str, Any]], listed: bool) -> None:
    met = 0
    for row in rows:
        got, wanted = iso(row["s"]), row.get("utc") or row.get("iso")
        good = got is None if wanted is None else got is not None and instant(got) == instant(wanted)
        if good and row.get("iso") and got:
            good = (datetime.fromisoformat(got).tzinfo is None) == (
                datetime.fromisoformat(wanted).tzinfo is None
            )
        met += good
        if listed and not good:
            print(f"date {row['s']!r}: wanted {wanted}, got {got}")
    if rows:
        began = time.process_time()
        for _ in range(100):
            for row in rows:
                iso(row["s"])
        each = (time.process_time() - began) / 100 / len(rows) * 1e6
        print(f"\ndates: {met} of {len(rows)} as wanted, {each:.0f} us of CPU each")


def report_times(feeds: list[tuple[dict[str, Any], bytes]]) -> None:
    print("\nCPU ms an entry")
    for name, parse in (("parse_feed", parse_feed), ("feedparser path", parse_by_reference)):
        spent, entries = 0.0, 0
        for record, body in feeds:
            began = time.process_time()
            try:
                parsed = parse(body, record.get("url"))
            except SourceError:
                parsed = None
            spent += time.process_time() - began
            entries += len(parsed.entries) if parsed else 0
        print(f"  {name:18}{spent / max(1, entries) * 1000:8.3f} ({entries} entries)")


def _feedparser(body: bytes, content_type: str | None) -> int:
    try:
        parsed = parse_by_reference(body, None, content_type)
    except Exception:  # noqa: BLE001 - it may fail in any way; then it finds nothing
        return 0
    return len(parsed.entries) if parsed else 0


def _fastfeedparser(body: bytes, content_type: str | None) -> int:
    try:
        return len(importlib.import_module("fastfeedparser").parse(body).entries)
    except Exception:  # noqa: BLE001 - it may fail in any way; then it finds nothing
        return 0


PEERS: dict[str, Callable[[bytes, str | None], int]] = {"feedparser": _feedparser}
if importlib.util.find_spec("fastfeedparser"):
    PEERS["fastfeedparser"] = _fastfeedparser

if __name__ == "__main__":
    main()
