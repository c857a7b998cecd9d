"""The line that feeds put under their entries."""

from __future__ import annotations

import pytest

from pipeline.clean.tails import is_tail


@pytest.mark.parametrize(
    "line",
    [
        "The post Bridge stays open appeared first on Harbour Post.",
        "This article was originally published on Harbour Post.",
        "Der Beitrag Die Brücke bleibt erschien zuerst auf Hafenpost.",
        "L'article Le pont reste est apparu en premier sur Le Port.",
        "La entrada El puente sigue se publicó primero en El Puerto.",
        "L’articolo Il ponte resta proviene da Il Porto.",
        "O post A ponte fica apareceu primeiro em O Porto.",
        "Het bericht De brug blijft verscheen eerst op De Haven.",
        "Artykuł Most zostaje pochodzi z serwisu Port.",
        "Сообщение Мост остаётся появились сначала на Порт.",
        "投稿 橋は残る は 港新聞 に最初に表示されました。",
        "桥还在最先出现在港报。",
        "A híd marad bejegyzés először Kikötő-én jelent meg.",
        "[…]",
        "...",
    ],
)
def test_a_line_that_says_where_an_entry_was_first_published(line: str) -> None:
    assert is_tail(line)


@pytest.mark.parametrize(
    "line",
    [
        "The post office on the quay is open again.",
        "The bridge first appeared on maps in 1901, and the ferry has sailed below it ever since.",
        "He looked at the sea and said nothing […]",
        "Der Beitrag der Stadt ist klein.",
        "This article is about bridges.",
        "",
    ],
)
def test_a_line_of_a_story_is_none(line: str) -> None:
    assert not is_tail(line)


def test_a_long_text_costs_no_more_than_a_look() -> None:
    assert not is_tail("The post " * 100_000)
    assert not is_tail("the post " * 44)
