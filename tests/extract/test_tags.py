"""Tags: what an article is about, and nothing that a content management system put beside it."""

from __future__ import annotations

from pipeline import process

BODY = (
    "<p>The council voted on Monday to keep the old bridge open for another year, although engineers had "
    "warned it.</p><p>“We know what we are asking of it,” said the mayor, who walks across it every day.</p>"
)


def tags(head: str) -> list[str]:
    return process(
        f"<html><head>{head}</head><body>{BODY}</body></html>", url="https://post.example/a/b"
    ).tags


def test_ids_hosts_and_the_sites_name_are_no_tags() -> None:
    head = (
        '<meta property="og:site_name" content="Harbour Post"><meta name="keywords" content="bridges, '
        '100312362, cce15240-c52a-4887-a61a-cd64701d6596, post.example, Harbour Post, council">'
    )
    assert tags(head) == ["bridges", "council"]


def test_a_kind_before_a_tag_goes_and_doubles_of_case_are_one() -> None:
    assert tags('<meta name="keywords" content="topic/Bridges, bridges, Person/Ada Thorn">') == [
        "Bridges",
        "Ada Thorn",
    ]


def test_one_tag_alone_gives_way_to_a_richer_list() -> None:
    one, three = (
        '<meta property="article:tag" content="Politics">',
        '<meta name="keywords" content="a, b, c">',
    )
    assert tags(one + three) == ["a", "b", "c"]
