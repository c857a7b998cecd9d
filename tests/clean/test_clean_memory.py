"""What cleaning takes from the memory of a site, and what it gives to it."""

from __future__ import annotations

from pipeline.clean import clean
from pipeline.clean.memory import SiteMemory
from pipeline.model import Entry, Fetched, Page

PLACES = ("quay", "harbour", "pier", "lock", "island", "strait")
PROMO = (
    "Our letter from the harbour comes every morning before the first ferry leaves, and it tells more than "
    "eleven thousand readers what the day will bring to the quays, the market and the town behind them."
)


def own(story: str) -> list[str]:
    return [
        f"In {story} the officer of the {place} counted people and cars by hand all day long, and in the "
        f"evening, when the last of them had left the {place}, she wrote down what {story} had seen of them."
        for place in PLACES
    ]


def html(story: str) -> str:
    first, *others = own(story)
    body = "".join(f"<p>{text}</p>" for text in (first, PROMO, *others))
    return f"<html><head><title>{story}</title></head><body><article>{body}</article></body></html>"


def page(story: str, body: str | None = None, **more: object) -> Page:
    url = f"https://post.example/{story}"
    body = html(story) if body is None else body
    return Page(body=body.encode(), digest="", key=url, url=url, **more)  # type: ignore[arg-type]


def texts(page: Page, memory: SiteMemory | None = None) -> list[str]:
    return [block.text for block in clean(page, memory).blocks]


def test_the_fourth_page_goes_without_what_three_have_said() -> None:
    memory = SiteMemory()
    said = [PROMO in texts(page(story), memory) for story in ("May", "June", "July", "August", "Autumn")]
    assert said == [True, True, True, False, False]
    assert texts(page("Winter"), memory) == own("Winter")
    assert PROMO in texts(page("Winter"))


def test_a_page_that_is_cleaned_again_and_again_counts_once() -> None:
    memory = SiteMemory()
    assert all(PROMO in texts(page(story), memory) for story in ("May", "June", "May", "June", "May"))
    assert len(memory) == 2


def test_texts_of_feeds_and_plain_texts_neither_ask_nor_teach() -> None:
    memory = SiteMemory()
    for story in ("May", "June", "July"):
        texts(page(story), memory)
    known = memory.pack()
    entry = Entry(key="August", link="https://post.example/August")
    assert PROMO in texts(page("August", entry=entry), memory)
    plain = "\n\n".join([own("August")[0], PROMO, *own("August")[1:]])
    assert PROMO in texts(page("August", plain, content_type="text/plain"), memory)
    assert memory.pack() == known


def test_of_a_page_with_an_entry_only_the_page_is_learned() -> None:
    memory = SiteMemory()
    content = "".join(f"<p>{text}</p>" for text in own("August"))
    entry = Entry(key="August", link="https://post.example/August", content=content)
    fetched = Fetched(final_url="https://post.example/August", status=200)
    texts(page("August", entry=entry, fetched=fetched), memory)
    alone = SiteMemory()
    texts(page("August"), alone)
    assert memory.pack() == alone.pack()


def test_a_page_without_an_article_teaches_nothing() -> None:
    memory = SiteMemory()
    links = "".join("<p><a href=/x>More of this</a></p>" for _ in range(90))
    assert clean(page("links", f"<html><body>{links}</body></html>"), memory).problem is not None
    assert len(memory) == 0
