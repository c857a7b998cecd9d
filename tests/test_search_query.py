"""What people type into a search box, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search import GAP, MARKS, Filters, QueryError, Wanted, highlights, parse, snippet, words


def wanted(*said: str, **kind: object) -> Wanted:
    return Wanted(words=said, **kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("", ()),
        ('  - * " ', ()),
        ("Harbour budget", ((wanted("harbour"),), (wanted("budget"),))),
        ('"Harbour budget"', ((wanted("harbour", "budget"),),)),
        ('"harbour budget', ((wanted("harbour", "budget"),),)),
        ("harb*", ((wanted("harb", prefix=True),),)),
        ("ferry OR boat train", ((wanted("ferry"), wanted("boat")), (wanted("train"),))),
        ("OR ferry OR", ((wanted("ferry"),),)),
        ("ferry or boat", ((wanted("ferry"),), (wanted("or"),), (wanted("boat"),))),
        ("title:strike", ((wanted("strike", field="title"),),)),
        ('by:"Ana Lópes"', ((wanted("ana", "lopes", field="author"),),)),
        ("lang:pt-BR", ((wanted("pt", "br", field="language"),),)),
        ("site:news.example.org", ((wanted("news", "example", "org", field="site"),),)),
        ("Re: budget", ((wanted("re"),), (wanted("budget"),))),
        ("12:30", ((wanted("12", "30"),),)),
        ("mailto:ana", ((wanted("mailto", "ana"),),)),
        ("well-known", ((wanted("well", "known"),),)),
        ("東京", ((wanted("東", "京"),),)),
    ],
)
def test_a_query_is_taken_apart(typed: str, groups: tuple[tuple[Wanted, ...], ...]) -> None:
    assert parse(typed).groups == groups


def test_what_is_excluded_stands_apart() -> None:
    query = parse('storm -coast -"night ferry" -title:live')
    assert query.groups == ((wanted("storm"),),)
    assert query.excluded == (
        wanted("coast", excluded=True),
        wanted("night", "ferry", excluded=True),
        wanted("live", field="title", excluded=True),
    )


def test_times_of_publication_are_bounds() -> None:
    assert parse("after:2026-03-01 before:2026-04").filters == Filters(
        after=1772323200.0, before=1775001600.0
    )
    assert parse("since:2026 storm").filters == Filters(after=1767225600.0)


@pytest.mark.parametrize(
    "typed", ["after:yesterday", "before:2026-13", "until:2026-02-30", 'after:"1 March"']
)
def test_a_date_that_is_none_is_told(typed: str) -> None:
    with pytest.raises(QueryError, match=r"is no date\. Write it as"):
        parse(typed)


def test_very_long_queries_are_cut() -> None:
    assert sum(len(one.words) for group in parse("word " * 10_000).groups for one in group) == 60


@given(st.text())
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        assert "after" in typed or "before" in typed or "since" in typed or "until" in typed
        return
    assert all(one.words for group in (*query.groups, query.excluded) for one in group)


@given(st.text())
def test_words_are_the_same_when_they_are_read_again(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found


@given(st.text())
def test_words_hold_nothing_that_a_query_language_would_read(text: str) -> None:
    told = "".join(words(text))
    assert not set(told) & {'"', "'", "\\", " ", "*", ":", GAP, *MARKS.values()}
    assert told == told.lower() or not told.isascii()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("strasse", "STRASSE"),
        ("straße", "Strasse"),
        ("uber", "Über"),
        ("cafe", "Cafe\u0301"),
        ("ελλαδα", "ΕΛΛΆΔΑ"),
        ("ofﬁce", "office"),
        ("ｗｉｄｅ", "wide"),
        ("don't", "don\u2019t"),
        ("كتاب", "كِتَابٌ"),
        ("שלום", "שָׁלוֹם"),
        ("हिन्दी", "हिन्दी"),
        ("한국", "한국"),
    ],
)
def test_what_makes_no_difference_to_people_makes_none(typed: str, written: str) -> None:
    assert words(typed) == words(written)


def test_a_snippet_shows_where_most_words_stand() -> None:
    text = (
        "A harbour. "
        + "Nothing of note happened. " * 40
        + "The budget of the harbour grew.\n\nAll were glad. " * 9
    )
    found = snippet(text, parse("harbour budget"))
    assert [found.text[start:end] for start, end in found.found][:2] == ["budget", "harbour"]
    assert found.text.startswith("…")
    assert "\n" not in found.text
    assert len(found.text) <= 202


def test_highlights_are_those_of_the_whole_title() -> None:
    title = "Straßenbahn: STRASSE frei, 東京都 grüßt Strassen"
    found = highlights(title, parse("straße 東京 stras*"))
    assert [title[start:end] for start, end in found] == ["Straßenbahn", "STRASSE", "東", "京", "Strassen"]


@given(st.text(max_size=300), st.text(max_size=20))
def test_places_of_a_snippet_are_in_order_and_inside(text: str, typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    found = snippet(text, query)
    last = 0
    for start, end in found.found:
        assert last <= start < end <= len(found.text)
        last = end
