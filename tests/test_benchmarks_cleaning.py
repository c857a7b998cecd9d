"""What the cleaning benchmark could get wrong without anyone noticing: scores, intervals, kept texts."""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

import msgspec
import pytest

# Neither benchmarks/ nor training/ is installed, and `pytest` does not look in the folder it runs in.
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.cleaning import comparison, look, ours, rows, scoring
from benchmarks.cleaning.peers import Extract, Peer, text_of
from benchmarks.cleaning.speed import measure
from benchmarks.cleaning.texts import Texts
from training.corpora import Labelled
from training.measure import Score, Snippets


def page(id: str = "a", content: str = "<p>one two</p>", corpus: str = "fundus", **truth: object) -> Labelled:
    return Labelled(
        corpus=corpus, id=id, domain="site.example", type="article", content=content.encode(), truth=truth
    )


def peer(extract: Extract, name: str = "echo") -> Peer:
    return Peer(name, "pytest", lambda: extract)


def marked(id: str, own: float, other: float, domain: str | None = None) -> scoring.Marked:
    marks = {ours.NAME: own, "other": other}
    return scoring.Marked(
        corpus="fundus",
        id=id,
        domain=domain or id,
        type="article",
        language="de",
        marks={name: scoring.Mark(score=Score(f1, f1, f1)) for name, f1 in marks.items()},
    )


class Counting:
    """An extractor that counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, content: bytes, url: str | None) -> str:
        self.calls += 1
        return content.decode()


def test_a_kept_text_is_not_made_again(tmp_path: Path) -> None:
    echo = Counting()
    first = Texts(tmp_path, peer(echo), "fundus").of(page())
    second = Texts(tmp_path, peer(echo), "fundus").of(page())
    assert first == second
    assert first.text == "<p>one two</p>"
    assert echo.calls == 1


def test_a_page_that_changed_is_made_again(tmp_path: Path) -> None:
    texts = Texts(tmp_path, peer(Counting()), "fundus")
    texts.of(page(content="old"))
    assert texts.of(page(content="new")).text == "new"
    assert Texts(tmp_path, peer(Counting()), "fundus").of(page(content="new")).text == "new"


def test_texts_of_systems_and_collections_are_kept_apart(tmp_path: Path) -> None:
    Texts(tmp_path, peer(lambda content, url: "first"), "fundus").of(page())
    other = peer(lambda content, url: "second", name="echo fast")
    assert Texts(tmp_path, other, "fundus").of(page()).text == "second"
    changed = peer(lambda content, url: "third")
    assert Texts(tmp_path, changed, "readability").of(page()).text == "third"


def test_a_line_cut_off_by_a_killed_run_costs_its_page_alone(tmp_path: Path) -> None:
    texts = Texts(tmp_path, peer(Counting()), "fundus")
    for id in ("a", "b"):
        texts.of(page(id))
    (file,) = tmp_path.rglob("*.jsonl")
    file.write_bytes(file.read_bytes()[:-9])
    for _ in range(2):
        again = Counting()
        repaired = Texts(tmp_path, peer(again), "fundus")
        assert [repaired.of(page(id)).text for id in ("a", "b")] == ["<p>one two</p>"] * 2
    assert again.calls == 0


def test_a_peer_that_raises_has_kept_an_empty_text(tmp_path: Path) -> None:
    def broken(content: bytes, url: str | None) -> str:
        raise ValueError("no tree")

    scores = scoring.Marker("fundus", lambda one: ours.Kept("one two"), {"broken": peer(broken)}, tmp_path)
    found = scores.of(page(body="one two"))
    assert found is not None
    mark = found.marks["broken"]
    assert (mark.score, mark.nothing, mark.error) == (Score(0, 0, 0), True, "ValueError: no tree")
    assert comparison.summary([mark]).raised == 1


@pytest.mark.parametrize("truth", [{}, {"body": None}, {"body": " … "}, {"with": ["one"]}], ids=repr)
def test_a_page_without_a_true_text_is_not_scored(truth: dict[str, object]) -> None:
    marker = scoring.Marker("fundus", lambda one: ours.Kept("one"), {}, None)
    assert marker.of(page(**truth)) is None


def test_snippets_are_counted_over_all_pages_together() -> None:
    marks = [
        scoring.mark(page(corpus="trafilatura", **{"with": ["one"], "without": ["menu"]}), "one menu"),
        scoring.mark(page(corpus="trafilatura", **{"with": ["a", "b", "c"], "without": []}), "a b c"),
    ]
    assert [one.snippets for one in marks] == [Snippets(1, 0, 1, 0), Snippets(3, 0, 0, 0)]
    assert comparison.summary(marks).precision == 4 / 5
    assert [one.quality for one in marks] == [1 / 2, 1.0]


def test_word_scores_are_means_over_pages() -> None:
    found = comparison.summary([one.marks["other"] for one in (marked("a", 1, 0.4), marked("b", 1, 0.8))])
    assert found.f1 == pytest.approx(0.6)
    assert found.below_half == 1 / 2


def test_an_interval_holds_the_difference_and_is_wide_where_pages_are_few() -> None:
    pages = [marked(str(n), 0.9, 0.8 if n % 2 else 0.96) for n in range(400)]
    many, few = (
        comparison.pairing(pages, ours.NAME, "other"),
        comparison.pairing(pages[:12], ours.NAME, "other"),
    )
    assert many.difference == pytest.approx((0.1 - 0.06) / 2)
    # The standard error of 400 differences of ±0.08 about their mean is 0.004.
    assert (many.low, many.high) == pytest.approx((0.02 - 1.96 * 0.004, 0.02 + 1.96 * 0.004), abs=0.001)
    assert few.low < many.low < many.high < few.high
    assert (many.wins, many.losses) == (200, 200)


def test_pages_of_one_domain_count_as_one_draw() -> None:
    apart = [marked(str(n), 0.9, 0.8 if n % 2 else 0.96) for n in range(40)]
    together = [marked(str(n), 0.9, 0.8 if n < 20 else 0.96, "ab"[n // 20]) for n in range(40)]
    wide, narrow = (comparison.pairing(one, ours.NAME, "other") for one in (together, apart))
    assert wide.difference == pytest.approx(narrow.difference)
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_snippets_of_two_systems_are_paired_like_their_scores() -> None:
    def snippets(a: str, b: str) -> scoring.Marked:
        labelled = page(corpus="trafilatura", **{"with": ["one", "two"], "without": ["menu"]})
        marks = {ours.NAME: scoring.mark(labelled, a), "other": scoring.mark(labelled, b)}
        return msgspec.structs.replace(marked("a", 0, 0), marks=marks)

    pages = [snippets("one two", "one two menu"), snippets("one", "one two"), snippets("one two", "menu")]
    own, other = (comparison.summary([one.marks[name] for one in pages]).f1 for name in (ours.NAME, "other"))
    assert comparison.pairing(pages, ours.NAME, "other").difference == pytest.approx(own - other)


def test_the_best_peer_is_chosen_among_peers_alone() -> None:
    (row, *_) = rows.rows([marked(str(n), 1.0, 0.5) for n in range(3)])
    assert row.best == "other"
    assert not row.enough


def test_held_out_texts_must_cover_their_collections(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl.xz"
    record = {"corpus": "fundus", "id": "a", "text": "one", "confidence": 0.5}
    path.write_bytes(lzma.compress(msgspec.json.encode(record) + b"\n"))
    held_out = ours.HeldOut(path)
    assert held_out.corpora == {"fundus"}
    assert held_out.of(page("a")) == ours.Kept("one", 0.5)
    with pytest.raises(ours.IncompleteError, match="page b of fundus"):
        held_out.of(page("b"))


def test_inline_markup_does_not_part_words_and_paragraphs_do() -> None:
    assert text_of("<div><p><b>O</b>nce more</p><p>End<br>of</p><table><td>it</table></div>").split() == [
        "Once", "more", "End", "of", "it",
    ]  # fmt: skip


def test_lines_are_unmatched_where_their_words_stand_nowhere_in_a_row() -> None:
    truth = "The harbour was closed on Monday.\nShips wait outside.\nEnd"
    found = "Menu\nThe HARBOUR was closed on Monday, ships wait\nend of page"
    assert look.unmatched(truth, found) == ["Ships wait outside."]
    assert look.unmatched(found, truth) == ["Menu", "end of page"]


def test_time_is_told_for_each_page_beside_the_first_system() -> None:
    def spin(rounds: int) -> int:
        return sum(range(rounds))

    pages = [page(str(n)) for n in range(3)]
    timing = measure(
        "x", pages, {"one": lambda one, two: spin(20_000), "ten": lambda one, two: spin(200_000)}
    )
    assert timing.pages == 3
    assert timing.systems["one"].ratio == 1
    assert timing.systems["ten"].ratio > 2
