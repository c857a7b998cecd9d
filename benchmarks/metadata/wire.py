"""How well wire conventions are read: precision and recall by field, on the cases in ``tests/extract/wire``.

    python -m benchmarks.metadata.wire [--misses]

Each case is a text or page of our own with its expectations beside it; what a case does not state must come
out empty. Cases marked ``negative`` hold something that only looks like wire copy.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import Article, NoArticle, process

CASES = Path(__file__).parents[2] / "tests" / "extract" / "wire"
#: the fields that are scored, in the order of the report
FIELDS = ("agency", "place", "dateline agency", "date", "contributors", "copyright")
_BODY = re.compile(r"\{(\w+)\}")


class Case(NamedTuple):
    """One text, and what is to come out of it."""

    #: file and name: ``de: Ort und Agentur``
    name: str
    content: str
    html: bool
    #: holds what only looks like wire copy
    negative: bool
    #: values of each of `FIELDS`; empty where the case states nothing
    expected: dict[str, list[str]]
    #: the whole byline, where the case states it
    authors: list[str] | None
    #: how the story begins behind its dateline; "" where the case has none
    first_words: str
    #: why it fails, where it is known to
    known_failure: str


def cases() -> list[Case]:
    """All cases, by file and in the order of the file."""
    return [case for path in sorted(CASES.glob("*.toml")) for case in _read(path)]


def found_in(article: Article) -> dict[str, list[str]]:
    """What an article says in each of `FIELDS`."""
    line = article.dateline
    rights = article.copyright
    return {
        "agency": _values(article.agency),
        "place": _values(line and line.place),
        "dateline agency": _values(line and line.agency),
        "date": _values(line and line.date),
        "contributors": [f"{one.role}: {one.name}" for one in article.contributors],
        "copyright": _values(rights and f"{rights.holder or ''}, {rights.year or ''}"),
    }


def read(case: Case) -> Article | None:
    """The article of a case; None when there is none, which counts as nothing found."""
    try:
        return process(case.content, content_type="text/html" if case.html else "text/plain")
    except NoArticle:
        return None


def _read(path: Path) -> Iterator[Case]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    bodies = {name: body.strip() for name, body in data["bodies"].items()}
    for one in data["case"]:
        html = "html" in one
        template = one["html" if html else "text"].strip()
        yield Case(
            name=f"{path.stem}: {one['name']}",
            content=_filled(template, bodies, html),
            html=html,
            negative=one.get("negative", False),
            expected=_expected(one),
            authors=one.get("authors"),
            first_words=_first_words(template, bodies) if "dateline" in one else "",
            known_failure=one.get("known_failure", ""),
        )


def _first_words(template: str, bodies: dict[str, str]) -> str:
    """How the story begins, where its body follows the dateline at once."""
    body = next((match for match in _BODY.finditer(template) if match[1] in bodies), None)
    return bodies[body[1]][:40] if body and template[body.start() - 1] not in "\n>" else ""


def _filled(template: str, bodies: dict[str, str], html: bool) -> str:
    def body(match: re.Match[str]) -> str:
        text = bodies.get(match[1], match[0])
        return text.replace("\n\n", "</p>\n<p>") if html else text

    return _BODY.sub(body, template)


def _expected(one: dict[str, Any]) -> dict[str, list[str]]:
    line = one.get("dateline", {})
    rights = one.get("copyright")
    return {
        "agency": _values(one.get("agency")),
        "place": _values(line.get("place")),
        "dateline agency": _values(line.get("agency")),
        "date": _values(line.get("date")),
        "contributors": one.get("contributors", []),
        "copyright": _values(rights and f"{rights.get('holder', '')}, {rights.get('year', '')}"),
    }


def _values(value: str | None) -> list[str]:
    return [value] if value else []


class Score:
    """Counts of one field: right, wrong and missing values."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missing = 0

    def add(self, expected: list[str], found: list[str]) -> None:
        """Compare one case's values; equal ones count as often as both have them."""
        right = sum((Counter(expected) & Counter(found)).values())
        self.right += right
        self.wrong += len(found) - right
        self.missing += len(expected) - right

    def __str__(self) -> str:
        given, wanted = self.right + self.wrong, self.right + self.missing
        precision = self.right / given if given else 1.0
        recall = self.right / wanted if wanted else 1.0
        return f"{precision:9.3f} {recall:9.3f} {self.right:6} {self.wrong:6} {self.missing:8}"


def main(arguments: list[str]) -> None:
    """Print precision and recall by field, of all cases; with ``--misses`` each case that is not right."""
    scores = {field: Score() for field in FIELDS}
    false_alarms, right, every = 0, 0, cases()
    for case in every:
        article = read(case)
        found = found_in(article) if article else {field: [] for field in FIELDS}
        for field in FIELDS:
            scores[field].add(case.expected[field], found[field])
        wrong = {field: found[field] for field in FIELDS if found[field] != case.expected[field]}
        false_alarms += case.negative and bool(wrong)
        right += not wrong
        if wrong and "--misses" in arguments:
            print(
                case.name,
                *(f"   {field}: {case.expected[field]} <> {wrong[field]}" for field in wrong),
                sep="\n",
            )
    negatives = sum(case.negative for case in every)
    print(f"{'':16} precision    recall  right  wrong  missing")
    for field in FIELDS:
        print(f"{field:16} {scores[field]}")
    print(
        f"{len(every)} cases, {right} right in every field; {negatives} negatives, {false_alarms} of them not"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
