"""Very many items, as people hand them in: lines, addresses, files, uploads."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.material import sentence

#: addresses of one sitemap that are read
MOST_OF_ONE = 200_000


def _sentences() -> list[str]:
    rng = random.Random(11)
    return [sentence(rng) for _ in range(2000)]


_SENTENCES = _sentences()


def text(number: int) -> str:
    """A text of its own, short, and made quickly."""
    rng = random.Random(number)
    told = " ".join(rng.choices(_SENTENCES, k=6))
    return f"Report {number} of the day\n\n{told}\n\nThe number of this report is {number}.\n"


def lines(first: int, count: int) -> Iterator[str]:
    for number in range(first, first + count):
        url = f"https://{number % 997}.example.org/{number}"
        yield json.dumps({"url": url, "text": text(number)}) + "\n"


def write_jsonl(path: Path, count: int, first: int = 0) -> Path:
    with path.open("w") as file:
        file.writelines(lines(first, count))
    return path


def write_addresses(path: Path, count: int, hosts: int = 10_000) -> Path:
    """Addresses of many hosts, in sitemaps as large as they may be."""
    path.mkdir(parents=True)
    for first in range(0, count, MOST_OF_ONE):
        with (path / f"{first:07}.xml").open("w") as file:
            file.write('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n')
            for number in range(first, min(count, first + MOST_OF_ONE)):
                file.write(f"<url><loc>https://www{number % hosts}.example.net/story/{number}</loc></url>\n")
            file.write("</urlset>\n")
    return path


def write_folder(path: Path, count: int) -> Path:
    for number in range(count):
        folder = path / f"{number // 1000:04}"
        if number % 1000 == 0:
            folder.mkdir(parents=True)
        (folder / f"{number:07}.txt").write_text(text(number + 10**8))
    return path
