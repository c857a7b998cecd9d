"""Articles written out: each format says all that there is to say."""

from __future__ import annotations

import csv
import io
import json

import pytest
from store_line import article, handed, run

from pipeline.model import Contributor, Dateline
from pipeline.store import Store
from pipeline.store.export import COLUMNS, write

AUTHORS = ["A. Writer", 'B. "Quote", Writer']


@pytest.fixture
def filled(store: Store) -> Store:
    told = article(
        "First paragraph, with ünïcode.\n\nSecond.",
        title="A title",
        authors=AUTHORS,
        contributors=[Contributor(role="editing", name="E. Ditor")],
        dateline=Dateline(place="PARIS"),
        markup="First paragraph, with *ünïcode*.\n\nSecond.",
    )
    run(store, [(handed("a"), told), (handed("b"), article("=1+1", title="=HYPERLINK(1)"))])
    return store


def written(store: Store, form: str) -> str:
    stream = io.StringIO(newline="")
    assert write(store.export(), form, stream) == 2
    return stream.getvalue()


def test_jsonl_is_each_record_on_a_line(filled: Store) -> None:
    lines = written(filled, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == list(filled.export())
    assert "ünïcode" in lines[0]


def test_csv_has_a_column_for_each_field(filled: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(written(filled, "csv"), newline="")))
    records = list(filled.export())
    assert set(rows[0]) == set(COLUMNS) == set(records[0])
    assert rows[0]["text"] == records[0]["text"]
    assert rows[0]["authors"] == "; ".join(AUTHORS)
    assert rows[0]["contributors"] == "E. Ditor (editing)"
    assert rows[0]["language"] == ""
    assert json.loads(rows[0]["dateline"]) == records[0]["dateline"]


def test_csv_cells_are_no_formulas(filled: Store) -> None:
    row = list(csv.DictReader(io.StringIO(written(filled, "csv"), newline="")))[1]
    assert (row["title"], row["text"]) == ("'=HYPERLINK(1)", "'=1+1")


def test_markdown_is_front_matter_title_and_text(filled: Store) -> None:
    _, front, body = written(filled, "markdown").split("---\n")[:3]
    told = dict(line.split(": ", 1) for line in front.splitlines())
    assert json.loads(told["authors"]) == AUTHORS
    assert json.loads(told["title"]) == "A title"
    assert "language" not in told
    assert body == "\n# A title\n\nFirst paragraph, with *ünïcode*.\n\nSecond.\n\n"


def test_another_format_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="parquet"):
        write(store.export(), "parquet", io.StringIO())
