"""The gate: one form for every value, and none for what has no form."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import Article
from pipeline.model import Contributor, Copyright, Dateline
from pipeline.normal import (
    LONGEST_ENTRY,
    LONGEST_PROSE,
    MOST_ENTRIES,
    address,
    language_tag,
    line,
    moment,
    normal,
    normal_text,
    prose,
)

#: text with a good share of what must not get through
AWKWARD = st.text(
    st.characters(codec=None)
    | st.sampled_from("\x00\t\n\r\x85\x9f\u00a0\u00ad\u200b\u200d\u202e\u2028\ufeff\ue000\ud800\u0301e ")
)


@given(AWKWARD)
def test_a_line_is_one_printable_line_in_nfc(text: str) -> None:
    told = line(text, 1000)
    assert told is None or (
        unicodedata.is_normalized("NFC", told)
        and " ".join(told.split()) == told != ""
        and not {unicodedata.category(char) for char in told} & {"Cc", "Cs", "Co"}
        and line(told, 1000) == told
    )


@given(AWKWARD)
def test_a_text_keeps_its_lines_and_loses_its_controls(text: str) -> None:
    told = normal_text(text)
    assert told.count("\n") == text.count("\n")
    assert unicodedata.is_normalized("NFC", told)
    assert all(char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") for char in told)
    assert normal_text(told) == told


@given(st.lists(st.text("ab é\u0301…", min_size=1, max_size=900), max_size=5).map(" ".join))
def test_prose_is_bounded_and_cut_once(text: str) -> None:
    told = prose(text) or ""
    assert len(told) <= LONGEST_PROSE
    assert prose(told) == (told or None)
    assert told == line(text, 10**6) or not told or told.endswith("…")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("pt_br", "pt-BR"),
        ("ZH-hant", "zh-Hant"),
        ("zh-HANS-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("DE-ch-1901", "de-CH-1901"),
        ("en-x-Ours", "en-x-ours"),
        ("nb", "nb"),
        ("und", None),
        ("english", None),
        ("de, en", None),
        ("", None),
        (7, None),
    ],
)
def test_languages_are_tags_in_canonical_case(found: object, told: str | None) -> None:
    assert language_tag(found) == told


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("2024-04-19", "2024-04-19"),
        ("20240419", "2024-04-19"),
        ("2024-04-19T10:30:00Z", "2024-04-19T10:30:00+00:00"),
        ("2024-04-19T10:30:15.250-0330", "2024-04-19T10:30:15-03:30"),
        ("2024-04-19 10:30", "2024-04-19T10:30:00"),
        ("1911-01-01T00:09:21+00:09:21", "1911-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00+00:09:21", None),
        ("2024-04-31", None),
        ("2024-04", None),
        ("yesterday", None),
        (1713515400, None),
    ],
)
def test_times_are_iso_with_the_offset_that_they_had(found: object, told: str | None) -> None:
    assert moment(found) == told


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("https://a.example/b?c=d&e=f#g", "https://a.example/b?c=d&e=f#g"),
        ("HTTPS://A.Example:8080/B", "https://a.example:8080/B"),
        ("https://ü.example/straße", "https://xn--tda.example/stra%C3%9Fe"),
        (" https://a.example/a b%20c%zz\n", "https://a.example/a%20b%20c%25zz"),
        ("https://a.example/?q[]=1", "https://a.example/?q%5B%5D=1"),
        ("https://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
        ("//a.example/b", None),
        ("/b.jpg", None),
        ("data:image/png;base64,AAAA", None),
        ("javascript:void(0)", None),
        ("https://", None),
        ("https://a b.example/", None),
        ("https://a.example:port/", None),
        ("https://a.example/" + "x" * 9000, None),
    ],
)
def test_addresses_are_absolute_uris(found: str, told: str | None) -> None:
    assert address(found) == told


@given(st.text(max_size=40).map(lambda tail: f"https://a.example/{tail}"))
def test_an_address_is_ascii_and_stays_as_it_is(found: str) -> None:
    told = address(found)
    assert told is not None
    assert told.isascii()
    assert told.isprintable()
    assert " " not in told
    assert address(told) == told


def test_what_has_no_form_goes_with_its_provenance() -> None:
    article = Article(
        title="t" * 501, section="Sport", language="english", published_at="2024-02-30", image_url="/b.jpg",
        authors=["", "\u200b"], site_name="The  Post",
        provenance={"title": "h1", "section": "json-ld", "language": "html lang", "published_at": "time",
                    "image_url": "og:image", "authors": "byline", "site_name": "og:site_name"},
    )  # fmt: skip
    told = normal(article)
    assert (told.title, told.language, told.published_at, told.image_url) == (None,) * 4
    assert (told.authors, told.section, told.site_name) == ([], "Sport", "The Post")
    assert told.provenance == {"section": "json-ld", "site_name": "og:site_name"}


def test_lists_hold_each_entry_once_and_in_order() -> None:
    accented = "Zo\u00eb Lund"
    tags = [str(number) for number in range(2 * MOST_ENTRIES)]
    authors = [accented, "Ann Lee", "Zoe\u0308  Lund", "x" * (LONGEST_ENTRY + 1)]
    told = normal(Article(authors=authors, tags=tags))
    assert told.authors == [accented, "Ann Lee"]
    assert told.tags == tags[:MOST_ENTRIES]


def test_values_inside_values_pass_the_gate_too() -> None:
    twice = [Contributor(role="editing", name="Bo\tEk"), Contributor(role="editing", name="Bo Ek")]
    told = normal(
        Article(
            contributors=[*twice, Contributor(role="writing", name="\x00")],
            dateline=Dateline(place="\u200bCAPRI ", agency="x" * 300, date="2024-04-19T10:00:00Z"),
            copyright=Copyright(holder="", year=20_244),
        )
    )
    assert told.contributors == [Contributor(role="editing", name="Bo Ek")]
    assert told.dateline == Dateline(place="CAPRI", date="2024-04-19")
    assert told.copyright is None


def test_values_of_the_wrong_type_are_dropped() -> None:
    told = normal(msgspec.structs.replace(Article(), title=5, tags="a, b", published_at=["2024"]))
    assert (told.title, told.tags, told.published_at) == (None, [], None)


@settings(max_examples=50)
@given(AWKWARD, st.lists(AWKWARD, max_size=3))
def test_the_gate_lets_its_own_articles_through_as_they_are(text: str, several: list[str]) -> None:
    article = Article(title=text, description=text, text=text, markup=text, authors=several, tags=several)
    told = normal(article)
    assert normal(told) is told
