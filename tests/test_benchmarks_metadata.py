"""What the metadata benchmark could get wrong without anyone noticing: what is right, and its sums."""

from __future__ import annotations

import lzma
import os
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

# Neither benchmarks/ nor training/ is installed, and `pytest` does not look in the folder it runs in.
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.metadata import classes, documents, fields, look, markup, ours, peers, rows, scoring
from benchmarks.metadata.fields import Answer
from benchmarks.metadata.matching import match
from training.corpora import Labelled

HTML = """<html lang="de"><head><title>Hafen gesperrt | Bote</title>
<meta property="og:title" content="Hafen zu">
<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "headline": "Hafen gesperrt",
"author": [{"name": "Ada Lund"}, "Bo Quist"], "datePublished": "2024-03-01T10:00:00+01:00",
"keywords": "Hafen, Sturm"}]}</script></head>
<body><h1>Hafen</h1><p>Der Hafen ist gesperrt.</p></body></html>"""


def page(id: str = "a", corpus: str = "fundus", type: str = "article", **truth: Any) -> Labelled:
    return Labelled(
        corpus=corpus, id=id, domain="site.example", type=type, content=HTML.encode(), truth=truth
    )


def outcome(field: str, found: Any, wanted: Any) -> str:
    return scoring.mark(field, found, wanted).outcome


@pytest.mark.parametrize(
    ("field", "found", "wanted"),
    [
        ("title", "The “Harbour” –\u00a0closed", 'the "harbour" - Closed'),
        ("title", "Sturm vor Kap Horn", "Sturm vor  Kap: Horn"),
        ("title", "Cafe\u0301 in Flammen", "Café in Flammen"),
        ("authors", ["山田 太郎", "ADA LUND"], ["Ada Lund", "山田太郎"]),
        ("authors", ["J. R. Ewing", "Site De"], ["JR Ewing", "site.de"]),
        ("tags", ["Ukraine", "war "], ["War", "ukraine"]),
        ("language", "nb-NO", "no"),
        ("language", "pt-BR", "pt"),
        ("canonical_url", "https://site.example/a/", "http://www.site.example/a#top"),
        ("section", "politics", ["World", "Politics"]),
        ("published_at", "2024-03-01", "2024-03-01T10:00:00+01:00"),
        ("published_at", "2024-02-29T23:30:00+00:00", "2024-03-01 00:30:00+01:00"),
        ("published_at", "2024-02-29T20:30:00-05:00", "2024-02-29"),
    ],
)
def test_what_counts_as_right(field: str, found: Any, wanted: Any) -> None:
    assert outcome(field, found, wanted) == "right"


@pytest.mark.parametrize(
    ("field", "found", "wanted", "what"),
    [
        ("title", "Harbour closed | Herald", "Harbour closed", "wrong"),
        ("title", "Harbour is closed", "Harbour closed", "wrong"),
        ("title", None, "Harbour closed", "missed"),
        ("authors", ["Ada Lund", "Herald"], ["Ada Lund"], "wrong"),
        ("authors", ["Herald"], [], "false"),
        ("authors", [], [], "silent"),
        ("published_at", "2024-03-02", "2024-03-01", "wrong"),
        ("published_at", "1 March", "2024-03-01", "wrong"),
        ("published_at", "2024-03-02", None, "false"),
        ("language", "en", "de", "wrong"),
    ],
)
def test_both_kinds_of_error_are_told_apart(field: str, found: Any, wanted: Any, what: str) -> None:
    assert outcome(field, found, wanted) == what


@pytest.mark.parametrize(
    ("found", "wanted", "minute"),
    [
        ("2024-03-01T09:00:20+00:00", "2024-03-01 10:00:00+01:00", True),
        ("2024-03-01T09:01:00+00:00", "2024-03-01 10:00:00+01:00", False),
        ("2024-03-01T10:00:00", "2024-03-01 10:00:00+01:00", False),
        ("2024-03-01T10:00:00+05:00", "2024-03-01 10:00:00", True),
        ("2024-03-01", "2024-03-01 10:00:00+01:00", False),
        ("2024-03-01T10:00:00", "2024-03-01", None),
    ],
)
def test_the_minute_is_one_of_instants(found: str, wanted: str, minute: bool | None) -> None:
    assert match("published_at", found, wanted).minute is minute


def test_a_missed_time_misses_its_minute() -> None:
    told = scoring.summary([scoring.mark("published_at", None, "2024-03-01 10:00:00+01:00")])
    assert (told.timed, told.minute, told.missed) == (1, 0, 1)


def test_names_are_counted_over_all_pages_together() -> None:
    given = [(["A", "B", "X"], ["a", "b"]), ([], ["c", "d"]), (["Y"], [])]
    told = scoring.summary([scoring.mark("authors", found, wanted) for found, wanted in given])
    assert (told.precision, told.recall, told.precision_strict) == (2 / 3, 2 / 4, 2 / 4)
    assert (told.pages, told.right, told.wrong, told.missed) == (2, 0, 1, 1)
    assert (told.without, told.false) == (1, 1)


@pytest.mark.parametrize(
    ("labelled", "known"),
    [
        (page(title="T", date=None), {"title": "T", "published_at": None}),
        (page(corpus="wcxb-dev", authors=[], date=None), {"authors": [], "published_at": None}),
        (page(corpus="wcxb-dev", type="forum", authors=[], date=None, title="T"), {"title": "T"}),
        (page(corpus="trafilatura", date="2022-29-11"), {}),
        (page(corpus="newspaper4k", authors=[], sitename="", lang="th"), {"language": "th"}),
        (page(corpus="trafilatura", date="", date_htmldate="2020-01-02"),
         {"published_at": None, "published_at by htmldate": "2020-01-02"}),
    ],
)  # fmt: skip
def test_a_null_is_a_truth_only_where_somebody_looked(labelled: Labelled, known: dict[str, Any]) -> None:
    assert fields.truth(labelled) == known


def marked(id: str, own: list[str], other: list[str], language: str = "de") -> scoring.Marked:
    answers = {ours.NAME: Answer(authors=own), "other": Answer(authors=other), "mute": Answer()}
    labelled = msgspec.structs.replace(page(id, authors=["Ada Lund"]), language=language)
    return scoring.marked(msgspec.structs.replace(labelled, domain=id), answers)


def test_a_row_names_the_best_peer_and_leaves_out_those_that_say_nothing() -> None:
    pages = [marked(str(n), ["Ada Lund"], ["Ada Lund"] if n % 2 else ["Herald"]) for n in range(40)]
    row = next(one for one in rows.rows(pages) if one.field == "authors")
    assert list(row.systems) == [ours.NAME, "other"]
    assert row.best == "other"
    assert row.against is not None
    assert row.against.difference == pytest.approx(0.5)
    assert 0 < row.against.low < 0.5 < row.against.high
    assert (row.against.wins, row.against.losses) == (20, 0)


def test_languages_have_rows_of_their_own_where_pages_are_many() -> None:
    pages = [marked(str(n), [], [], "de" if n < 12 else "en-GB" if n < 23 else "fr") for n in range(25)]
    groups = rows.groups(pages)
    assert {name: len(group) for name, group in groups.items()} == {
        "fundus": 25, "fundus de": 12, "fundus en": 11, "fundus, other languages": 2,
    }  # fmt: skip


def collection(folder: Path, *titles: str) -> None:
    lines = [
        msgspec.json.encode({"id": str(n), "html": HTML, "lang": "de", "truth": {"title": title}})
        for n, title in enumerate(titles)
    ]
    (folder / "fundus.jsonl.xz").write_bytes(lzma.compress(b"\n".join(lines) + b"\n"))


def test_documents_are_kept_until_the_collection_changes(tmp_path: Path) -> None:
    collection(tmp_path, "one")
    first = documents.documents(tmp_path, "fundus", tmp_path)
    assert documents.documents(tmp_path, "fundus", tmp_path) == first
    assert first[0].document is not None
    assert first[0].page.content == b""
    collection(tmp_path, "one", "two")
    assert len(documents.documents(tmp_path, "fundus", tmp_path)) == 2


def test_the_last_documents_serve_though_cleaning_has_changed(tmp_path: Path) -> None:
    collection(tmp_path, "one")
    documents.documents(tmp_path, "fundus", tmp_path)
    (kept,) = (tmp_path / "documents").iterdir()
    kept.rename(kept.with_name("fundus-" + "0" * 16))
    os.truncate(tmp_path / "fundus.jsonl.xz", 0)
    assert len(documents.documents(tmp_path, "fundus", tmp_path, any_state=True)) == 1


def test_failing_pages_are_listed_with_all_that_could_have_been_chosen(tmp_path: Path) -> None:
    collection(tmp_path, "Sturm über dem Hafen", "Hafen gesperrt")
    pages = []
    for cleaned in documents.documents(tmp_path, "fundus", None):
        own = ours.answer(cleaned)
        answers = {ours.NAME: own.answer, "peer": Answer(title="Peer's")}
        pages.append(look.Looked(cleaned, own, answers, scoring.marked(cleaned.page, answers)))
    told = "\n".join(look.worst(pages, "title", 5))
    assert "fundus:0" in told
    assert "'Sturm über dem Hafen'" in told
    assert "'Hafen zu'" in told
    assert '"Peer\'s"' in told
    assert "Ada Lund" in "\n".join(look.show(pages[0]))


@pytest.mark.parametrize(
    ("field", "found", "wanted", "what"),
    [
        ("title", "Sturm | Bote", "Sturm", "too long"),
        ("title", "Sturm", "Sturm in Kiel", "too short"),
        ("title", "Hafen zu", "Sturm", "another"),
        ("authors", ["Ada Lund", "Bote"], ["Ada Lund"], "some too many"),
        ("authors", ["Ada Lund"], ["Ada Lund", "Bo Quist"], "some missing"),
        ("authors", ["Lund", "Ada"], ["Ada Lund"], "split or turned otherwise"),
        ("authors", ["Bote"], ["Ada Lund"], "all wrong"),
        ("published_at", "2024-03-02T01:00:00Z", "2024-03-01", "a day off"),
        ("published_at", "2024-03-05", "2024-05-03", "day and month swapped"),
        ("published_at", "2024-06-05", "2024-05-03", "later"),
        ("published_at", None, "2024-05-03", "nothing given"),
        ("published_at", "2024-05-03", None, "nothing there"),
    ],
)
def test_faults_have_names(field: str, found: Any, wanted: Any, what: str) -> None:
    assert classes.fault(field, found, wanted) == what


def test_the_yardstick_believes_json_ld_before_meta_tags_before_headings() -> None:
    told = markup.read(HTML)
    assert told == Answer(
        title="Hafen gesperrt",
        authors=["Ada Lund", "Bo Quist"],
        published_at="2024-03-01T10:00:00+01:00",
        tags=["Hafen", "Sturm"],
        language="de",
    )
    assert markup.read("<meta property='og:title' content='A'><h1>B</h1>").title == "A"
    assert markup.read("<title>C</title><h1>B</h1>").title == "B"


def test_a_peers_answer_is_kept_as_text() -> None:
    told = peers.PEERS["markup"].extract(HTML.encode(), None)
    assert peers.answer_of(told).title == "Hafen gesperrt"
    assert peers.answer_of("") == Answer()
