"""Looks for pages that cleaning does not survive, guided by the branches that they reach.

Atheris (https://github.com/google/atheris) is no dependency of this project; in an environment that has
it beside Feedmill:

    python -m benchmarks.fuzz_cleaning -max_total_time=600 [-rss_limit_mb=4096] [CORPUS-FOLDER]

The arguments are libFuzzer's. A page that ends in anything but an article or a `NoArticle`, that
yields text which cannot be printed, or that takes over a second is written to ``crash-...`` or
``timeout-...`` in the working directory. Without a folder it starts from the pages in ``seeds/``.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline"]):
    from pipeline import NoArticle, process
    from pipeline.clean.encoding.decode import decode, to_utf8
    from pipeline.clean.walk.nesting import tame

SEEDS = Path(__file__).parent.parent / "seeds"
#: pages grow by mutation up to so many bytes
LONGEST = 20_000
#: what one page may take, in seconds of CPU: instrumented code is several times slower
MOST_SECONDS = 3.0
_TYPES = (
    None,
    "text/html",
    "text/plain",
    "text/html; charset=iso-2022-jp",
    "text/html; charset=windows-1251",
)
#: a control character as JSON writes it; tabs and newlines have letters
_CONTROL = re.compile(r"(?<!\\)(?:\\\\)*(?:\\u00[01][0-9a-f]|\\[bfr])")
#: longer structures than single bytes: what makes a parser change its mind
WORDS = (
    "<div>", "</div>", "<p>", "<b>", "</b>", "<a href=x>", "<table>", "<td>", "<svg>", "<math>", "<select>",
    "<template>", "<noscript>", "<frameset>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "<pre>",
    "<ul><li>", "<time datetime=", "class=author", "itemprop=datePublished", "application/ld+json", "&#31;",
    "&#xd800;", "By ", "charset=",
)  # fmt: skip


def one_page(data: bytes) -> None:
    """Process one page. Raises what is a fault."""
    if not data:
        return
    content_type, body = _TYPES[data[0] % len(_TYPES)], data[1:]
    started = time.process_time()
    html = to_utf8(body, content_type)
    html.decode()
    tame(html)
    decode(body, content_type).encode()
    try:
        article = process(body, "https://news.example/2024/05/12/a", content_type)
    except NoArticle:
        return
    finally:
        taken = time.process_time() - started
        if taken > MOST_SECONDS:
            raise TimeoutError(f"{taken:.1f} s for {len(body)} bytes")
    text = json.dumps(article.to_dict(), ensure_ascii=False)
    stray = sorted({char for char in text if unicodedata.category(char) in ("Cc", "Cs")})
    if stray or _CONTROL.search(text):
        raise AssertionError(f"The article holds {stray or _CONTROL.search(text)}.")


def main() -> None:
    arguments = [f"-max_len={LONGEST}", *sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words"
        words.write_text("".join(f'"{word}"\n' for word in WORDS))
        arguments.append(f"-dict={words}")
        if all(argument.startswith("-") for argument in sys.argv[1:]):
            corpus = Path(folder) / "corpus"
            corpus.mkdir()
            for number, path in enumerate(sorted(SEEDS.rglob("*.*"))):
                (corpus / str(number)).write_bytes(
                    bytes([number % len(_TYPES)]) + path.read_bytes()[:LONGEST]
                )
            arguments.append(str(corpus))
        atheris.Setup([sys.argv[0], *arguments], one_page)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
