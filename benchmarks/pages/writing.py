"""News in several languages, made of word lists of our own: a few words are everywhere, most are rare."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from functools import cache
from html import escape

#: words of a language's vocabulary, and the exponent of Zipf's law: the word of rank n comes 1/n^e as often
WORDS, EXPONENT = 30_000, 0.95
#: what a search finds in a third of the English texts, in every thousandth text, and once
COMMON, PHRASE, ONCE = "harbour", "night ferry", "quokkanaut"
#: language -> (share of the texts, words that hold sentences together, syllables of all others)
_LANGUAGES = {
    "en": (
        0.45,
        "the of and to in a is that for on with as was by said from at after",
        "ba con der est fil gra hin ing jo ker lan mor net or pal rin son ter ward yel",
    ),
    "de": (
        0.2,
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein",
        "ab bau ein ge hal keit lich mann neu ord rat schaft tag um ver wer zei ü ö ä",
    ),
    "fr": (
        0.1,
        "de la le et les des en un du une que est pour qui dans par sur au",
        "ai bel char dé eau fran gé ille jour lon ment nou oir pré reu sé ti ture vi è",
    ),
    "es": (
        0.1,
        "de la que el en y a los se del las un por con no una su para",
        "ac bra ción de ero fue gar her idad jo llo men no ña or pa que ri sol ta",
    ),
    "ru": (
        0.1,
        "и в не на что с он как по это к но из у за от для о",
        "ба вод го дел ен жи за ис край лет мир но ост пра ре сто тел ук хо чан ский",
    ),
    "zh": (
        0.05,
        "的 一 是 在 不 了 有 和 人 这",
        "市 港 会 年 国 新 报 员 政 经 道 水 山 车 学 生 海 工 城 部",
    ),
}  # fmt: skip
_HEADINGS = ("Council votes on", "Report on", "New plans for", "Doubts about", "A year after")


@dataclass(frozen=True)
class Story:
    """One text with what stands around it."""

    language: str
    title: str
    paragraphs: list[str]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    def page(self, host: str, author: str, published: str, padding: int = 0) -> bytes:
        """The story as a small page of a news site; ``padding``: bytes of script around it."""
        body = "".join(f"<p>{escape(one)}</p>\n" for one in self.paragraphs)
        links = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(12))
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            f'<title>{escape(self.title)} | {host}</title><meta name="author" content="{escape(author)}">'
            f'<meta property="article:published_time" content="{published}">'
            f"<script>{'/* */' * (padding // 5)}</script></head><body><nav><ul>{links}</ul></nav>"
            f'<main><article><h1>{escape(self.title)}</h1><p class="byline">By {escape(author)}</p>'
            f"{body}</article></main><footer>Copyright 2026 {host}</footer></body></html>"
        ).encode()


def story(number: int) -> Story:
    """The story of a number, always the same: some 350 words."""
    rng = random.Random(number)
    language = rng.choices(list(_LANGUAGES), [share for share, _, _ in _LANGUAGES.values()])[0]
    words, weights = _vocabulary(language)
    blank = "" if language == "zh" else " "
    told = rng.choices(words, cum_weights=weights, k=rng.randrange(150, 550))
    if language == "en" and number % 3 == 0:
        told.insert(len(told) // 2, COMMON)
    if number % 1000 == 7:
        told.insert(len(told) // 3, PHRASE)
    if number == 1:
        told.insert(3, ONCE)
    paragraphs, rest = [], iter(told)
    while sentence := list(itertools.islice(rest, 45)):
        paragraphs.append(blank.join(sentence).capitalize() + ".")
    title = f"{rng.choice(_HEADINGS)} {' '.join(rng.choices(words, cum_weights=weights, k=5))} {number}"
    return Story(language, title, paragraphs)


def word(language: str, rank: int) -> str:
    """The word of a rank, from 0: the lower, the more common."""
    return _vocabulary(language)[0][rank]


@cache
def _vocabulary(language: str) -> tuple[list[str], list[float]]:
    _, small, syllables = _LANGUAGES[language]
    rng = random.Random(language)
    words, parts = dict.fromkeys(small.split()), syllables.split()
    while len(words) < WORDS:
        words["".join(rng.choices(parts, k=rng.randrange(2, 5)))] = None
    return list(words), list(itertools.accumulate((n + 1) ** -EXPONENT for n in range(len(words))))
