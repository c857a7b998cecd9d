"""What a site's pages repeat is the site's; what a page alone says is its own."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.memory import BLOCKS, PAGES, Kept, SiteMemory, fingerprint, repeated
from pipeline.words import count_words

PROMPT = "Read this and every other story without limits: our letter comes each morning, and it is free."
BIO = "Ada Thorn has written about harbours and those who work in them for the Post since the last strike."
PLACES = ("quay", "harbour", "pier", "lock", "island", "strait", "bay", "cape", "canal", "delta", "lagoon")


def said(story: str, number: int) -> str:
    return f"In {story} the officer of the {PLACES[number]} counted people and cars by hand all day long."


def own(story: str, paragraphs: int = 8) -> list[str]:
    return [said(story, number) for number in range(paragraphs)]


def block(text: str) -> Kept:
    """A block as the tests write it: ``# `` marks a heading, ``| `` a cell."""
    kind = {"# ": "heading", "| ": "fixed"}.get(text[:2], "prose")
    text = text if kind == "prose" else text[2:]
    return Kept(fingerprint(text), count_words(text), kind)  # type: ignore[arg-type]


def page(*texts: str) -> list[Kept]:
    return [block(text) for text in texts]


def taught(pages: dict[str, list[str]]) -> SiteMemory:
    memory = SiteMemory()
    for key, texts in pages.items():
        memory.learn(key, page(*texts))
    return memory


def site(pages: int, around: list[str], among: int | None = None) -> SiteMemory:
    """Pages of which the first ``among`` (or all) end with the same blocks."""
    return taught(
        {
            f"story{at}": own(f"story{at}") + (around if among is None or at < among else [])
            for at in range(pages)
        }
    )


def left(memory: SiteMemory, texts: list[str], key: str = "new") -> list[str]:
    dropped = repeated(memory, key, page(*texts))
    return [text for at, text in enumerate(texts) if at not in dropped]


# -- what is dropped ----------------------------------------------------------------------------


@pytest.mark.parametrize("around", [[PROMPT], [PROMPT, BIO], ["# About the author", BIO]])
def test_what_the_pages_of_a_site_end_with_is_dropped(around: list[str]) -> None:
    assert left(site(3, around), own("new") + around) == own("new")


def test_what_stands_before_the_story_is_dropped() -> None:
    memory = taught({f"story{at}": [PROMPT, *own(f"story{at}")] for at in range(4)})
    assert left(memory, [PROMPT, *own("new")]) == own("new")


@pytest.mark.parametrize(
    ("pages", "among", "dropped"),
    [(0, 0, False), (2, 2, False), (3, 3, True), (4, 2, False), (10, 3, True), (11, 3, False), (20, 6, True)],
)
def test_three_pages_and_three_in_ten_make_boilerplate(pages: int, among: int, dropped: bool) -> None:
    new = [*own("new"), PROMPT]
    assert left(site(pages, [PROMPT], among), new) == (own("new") if dropped else new)


@pytest.mark.parametrize(("among", "dropped"), [(5, False), (6, True)])
def test_between_paragraphs_of_its_own_it_takes_more(among: int, dropped: bool) -> None:
    new = [*own("new")[:4], PROMPT, *own("new")[4:]]
    assert left(site(10, [PROMPT], among), new) == (own("new") if dropped else new)


def test_case_space_and_numbers_make_no_difference() -> None:
    memory = site(3, ["Join 12,400 readers of the Post every day"])
    assert left(memory, [*own("new"), "JOIN  12,911 readers of the\n Post every day"]) == own("new")


# -- what stays ---------------------------------------------------------------------------------


def test_a_heading_stays_with_what_follows_it() -> None:
    told = {f"s{at}": ["# What happened", *own(f"s{at}"), "# Read on", PROMPT] for at in range(5)}
    memory = taught(told)
    new = ["# What happened", *own("new"), "# Read on", PROMPT]
    assert left(memory, new) == ["# What happened", *own("new")]


def test_a_label_stays_with_what_follows_it() -> None:
    memory = taught({f"s{at}": [*own(f"s{at}"), "Ingredients", said(f"s{at}", 9)] for at in range(5)})
    new = [*own("new"), "Ingredients", said("new", 9)]
    assert left(memory, new) == new
    assert left(memory, [*own("new"), "Ingredients"]) == own("new")


def test_tables_and_numbers_stay_whole() -> None:
    cells = ["| Population of the town", "1,204", "| Area of the town in square miles", "77"]
    memory = taught({f"s{at}": [*cells, *own(f"s{at}"), "12", "- -"] for at in range(5)})
    new = [*cells, *own("new"), "12", "- -"]
    assert left(memory, new) == new


def test_what_recurs_in_a_row_of_entries_stays() -> None:
    def listing(name: str) -> list[str]:
        rows = [
            (said(name, at), f"{at + 2} reviews with an average of {at} out of 5 stars") for at in range(5)
        ]
        return [text for row in rows for text in row]

    memory = taught({f"list{at}": listing(f"list{at}") for at in range(5)})
    assert left(memory, listing("new")) == listing("new")


def test_a_story_under_many_addresses_stays_whole() -> None:
    story = own("wire")
    memory = taught({f"address{at}": story for at in range(9)})
    assert len(memory) == 1
    assert left(memory, story) == story
    assert left(memory, [*story, said("new", 9)]) == [*story, said("new", 9)]


def test_a_long_story_under_many_addresses_stays_whole() -> None:
    story = [
        f"The {number} boat went out {'and came back ' * (number % 7)}in {'x' * number}"
        for number in range(400)
    ]
    memory = site(6, [PROMPT])
    for at in range(9):
        memory.learn(f"address{at}", page(*story, PROMPT))
    assert left(memory, story) == story


def test_a_live_report_that_grows_is_one_page() -> None:
    report = own("live", 11)
    memory = taught({f"live{at}": report[: 4 + at] for at in range(6)})
    assert len(memory) == 1
    assert left(memory, report) == report


def test_a_page_that_is_seen_again_counts_once() -> None:
    memory = SiteMemory()
    for _ in range(5):
        memory.learn("same", page(*own("same"), PROMPT))
        memory.learn("other", page(*own("other"), PROMPT))
    assert len(memory) == 2
    assert left(memory, [*own("new"), PROMPT]) == [*own("new"), PROMPT]


def test_a_page_is_no_evidence_against_itself() -> None:
    memory = site(3, [PROMPT])
    new = [*own("story0"), PROMPT]
    assert left(memory, new, key="story0") == new


def test_a_page_of_nothing_else_stays_as_it_is() -> None:
    memory = site(9, [PROMPT, BIO])
    assert left(memory, [PROMPT, BIO]) == [PROMPT, BIO]
    assert left(memory, [said("new", 1), PROMPT, BIO]) == [said("new", 1), PROMPT, BIO]


def test_what_a_site_shows_no_more_is_forgotten() -> None:
    memory = site(9, [PROMPT])
    for at in range(PAGES):
        memory.learn(f"later{at}", page(*own(f"later{at}")))
    assert len(memory) == PAGES
    assert memory.seen([fingerprint(PROMPT)]) == [0.0]


# -- the memory ---------------------------------------------------------------------------------


def test_seen_tells_the_share_of_pages() -> None:
    memory = site(8, [PROMPT], 6)
    assert memory.seen([fingerprint(PROMPT), fingerprint(said("story1", 2)), 0, 17]) == [
        0.75,
        0.125,
        0.0,
        0.0,
    ]
    assert SiteMemory().seen([1]) == [0.0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 comments", "1,204 comments"),
        ("Read  On", "read on"),
        ("STRASSE", "straße"),
        ("At 10:30 UTC", "at 7:05 utc"),
    ],
)
def test_the_same_line_has_the_same_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other) != 0


def test_other_lines_have_other_fingerprints() -> None:
    lines = ["Share", "Shared", "Share this", "分享", "كتب", "1 share", *own("a"), *own("b")]
    assert len({fingerprint(line) for line in lines}) == len(lines)


def test_in_a_sentence_numbers_are_what_it_says() -> None:
    closing = "The stock of the harbour company closed at {} crowns on Monday, {} % up."
    assert fingerprint(closing.format(12, 3)) != fingerprint(closing.format(14, 3))
    memory = taught({f"s{at}": [*own(f"s{at}"), closing.format(at, at)] for at in range(9)})
    new = [*own("new"), closing.format(12, 3)]
    assert left(memory, new) == new


@pytest.mark.parametrize("text", ["", " ", "12", "* * *", "—", "1,204.50 %", "٣", "…"])
def test_what_has_no_letter_is_nothing_to_remember(text: str) -> None:
    assert fingerprint(text) == 0


def test_a_fingerprint_stays_what_it_is() -> None:
    assert fingerprint("Share this story") == 12_728_773_908_827_967_237


def test_a_full_memory_stays_small() -> None:
    rng = random.Random(7)
    memory = SiteMemory()
    for at in range(PAGES + 20):
        memory.learn(
            f"page{at}", [Kept(rng.getrandbits(64) | 1, rng.randrange(400)) for _ in range(BLOCKS * 3)]
        )
    assert len(memory) == PAGES
    assert len(memory.pack()) <= 60_000


def test_of_a_page_with_too_many_blocks_the_ends_and_the_known_ones_are_remembered() -> None:
    memory = site(3, [PROMPT])
    many = [Kept(at + 1, 10) for at in range(1000)]
    middle = len(many) // 2
    memory.learn("many", [*many[:middle], block(PROMPT), *many[middle:]])
    assert memory.seen([fingerprint(PROMPT), 1, 1000, middle]) == [1.0, 0.25, 0.25, 0.0]


@pytest.mark.parametrize("packed", [b"", b"rubbish", SiteMemory().pack()[:-3]])
def test_a_damaged_memory_is_an_error(packed: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        SiteMemory.unpack(packed)


# -- laws ---------------------------------------------------------------------------------------

BLOCK = st.builds(
    Kept, st.integers(0, 12), st.integers(0, 300), st.sampled_from(["prose", "prose", "heading", "fixed"])
)
LEARNED = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.lists(BLOCK, max_size=8)), max_size=30)


def memory_of(learned: list[tuple[str, list[Kept]]]) -> SiteMemory:
    memory = SiteMemory()
    for key, kept in learned:
        memory.learn(key, kept)
    return memory


@given(LEARNED)
def test_what_is_packed_comes_back(learned: list[tuple[str, list[Kept]]]) -> None:
    memory = memory_of(learned)
    again = SiteMemory.unpack(memory.pack())
    assert again.pack() == memory.pack()
    assert again.seen(range(13)) == memory.seen(range(13))


@given(LEARNED, st.lists(BLOCK, max_size=8))
def test_learning_twice_is_learning_once(learned: list[tuple[str, list[Kept]]], kept: list[Kept]) -> None:
    memory = memory_of([*learned, ("x", kept)])
    before = memory.pack()
    memory.learn("x", kept)
    assert memory.pack() == before


@given(LEARNED, LEARNED)
def test_merging_adds_nothing_that_neither_knew(
    one: list[tuple[str, list[Kept]]], other: list[tuple[str, list[Kept]]]
) -> None:
    memory = memory_of(one)
    memory.merge(memory_of(one))
    assert memory.pack() == memory_of(one).pack()
    memory.merge(SiteMemory())
    assert memory.pack() == memory_of(one).pack()
    known = [share > 0 for share in memory.seen(range(13))]
    memory.merge(memory_of(other))
    also = [share > 0 for share in memory_of(other).seen(range(13))]
    merged = [share > 0 for share in memory.seen(range(13))]
    assert all(a or b for a, b, both in zip(known, also, merged, strict=True) if both)
    assert len(memory) <= PAGES


def test_merged_memories_know_the_pages_of_both() -> None:
    one, other = site(2, [PROMPT]), taught({f"other{at}": [*own(f"other{at}"), PROMPT] for at in range(2)})
    assert left(one, [*own("new"), PROMPT]) == [*own("new"), PROMPT]
    one.merge(other)
    assert len(one) == 4
    assert left(one, [*own("new"), PROMPT]) == own("new")


@settings(max_examples=300)
@given(LEARNED, st.lists(BLOCK, max_size=12))
def test_a_page_never_loses_half_of_its_words_nor_what_is_fixed(
    learned: list[tuple[str, list[Kept]]], kept: list[Kept]
) -> None:
    dropped = repeated(memory_of(learned), "x", kept)
    assert dropped <= set(range(len(kept)))
    assert 2 * sum(kept[at].words for at in dropped) < sum(one.words for one in kept) or not dropped
    assert all(kept[at].kind != "fixed" and kept[at].fingerprint for at in dropped)
    assert repeated(SiteMemory(), "x", kept) == set()
