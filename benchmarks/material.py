"""Pages to measure with: generated texts, generated pages shaped like real ones, or a corpus."""

from __future__ import annotations

import gzip
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeio"]


def _vocabulary(size: int = 6000) -> list[str]:
    rng = random.Random(1)
    return ["".join(rng.choice(_SYLLABLES) for _ in range(rng.randrange(1, 5))) for _ in range(size)]


VOCABULARY = _vocabulary()


def sentence(rng: random.Random) -> str:
    words = rng.choices(VOCABULARY, k=rng.randrange(8, 24))
    glue = rng.choices(["the", "of", "and", "to", "in", "a"], k=len(words))
    text = " ".join(f"{a} {b}" for a, b in zip(glue, words, strict=True))
    return text[0].upper() + text[1:] + "."


def paragraph(rng: random.Random) -> str:
    return " ".join(sentence(rng) for _ in range(rng.randrange(2, 5)))


def headline(rng: random.Random, number: int) -> str:
    return " ".join(rng.choices(VOCABULARY, k=7)).title() + f" {number}"


def plain(number: int) -> tuple[str, bytes]:
    """A wire story as plain text, about 2 KB."""
    rng = random.Random(number)
    body = "\n\n".join(paragraph(rng) for _ in range(8))
    text = f"World\n\n{headline(rng, number)}\n\nHARBOUR (AP) - {body}\n\nRelated Articles\n\nLeave a Reply\n"
    return f"{number:06}.txt", text.encode()


def shaped(number: int) -> tuple[str, bytes]:
    """A news page as sites make them: about 150 KB, 2,000 nodes, of which the article is a twentieth."""
    rng = random.Random(number)
    title = headline(rng, number)
    about = {"@type": "NewsArticle", "headline": title, "datePublished": "2026-03-04T05:06:07+01:00"}
    about["author"] = [{"@type": "Person", "name": "Mara Lindqvist"}]  # type: ignore[assignment]
    teasers = "".join(
        f'<li class="teaser teaser--{n % 7}"><a href="/news/{n}" class="teaser__link">'
        f'<span class="kicker">World</span><img src="/i/{n}.jpg" alt="">'
        f'<h3 class="teaser__title">{headline(rng, n)}</h3></a>'
        f'<time datetime="2026-03-0{n % 8 + 1}">today</time></li>'
        for n in range(150)
    )
    nav = "".join(
        f'<li class="nav__item"><a href="/s/{n}">{rng.choice(VOCABULARY)}</a></li>' for n in range(120)
    )
    style = "".join(f".c{n}{{margin:{n}px;color:#{n:06x}}}\n" for n in range(900))
    script = "".join(f'window.data["{n}"]={{"a":{n},"b":"{rng.choice(VOCABULARY)}"}};\n' for n in range(1200))
    body = "".join(f'<p class="article__p">{paragraph(rng)}</p>\n' for _ in range(18))
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Daily</title>'
        f'<meta property="og:title" content="{title}"><style>{style}</style>'
        f'<script type="application/ld+json">{json.dumps(about)}</script><script>{script}</script></head>'
        f'<body><header><nav class="nav"><ul>{nav}</ul></nav></header><main><article class="article">'
        f"<h1>{title}</h1>"
        f'<p class="byline">By Mara Lindqvist</p><div class="article__body">{body}</div></article>'
        f'<aside class="related"><h2>More</h2><ul>{teasers}</ul></aside></main>'
        f'<footer class="footer"><p>Copyright 2026 The Daily</p><ul>{nav}</ul></footer></body></html>'
    )
    return f"{number:06}.html", page.encode()


def corpus(path: Path) -> Iterator[tuple[str, bytes]]:
    """Pages of a JSON-lines file (plain, .gz or .xz) with an ``html`` in each record."""
    openers = {".xz": lzma.open, ".gz": gzip.open}
    with openers.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
        for number, line in enumerate(lines):
            record = json.loads(line)
            if record.get("html"):
                yield f"{number:06}.html", record["html"].encode()
