import json
import re
import sys

import pytest
from cli_place import article, finish, new_item, open_job

from pipeline.store import export
from workers.cli.export import FORMATS


@pytest.fixture
def two_articles(place):
    """Article 1 about a harbour, from a wire; article 2, stored later, with a hostile title."""
    store = place.store()
    open_job(store, [new_item("a.txt"), new_item("b.txt")])
    harbour = article(site_name="The Wire", published_at="2026-03-01T08:05:00+01:00", authors=["Ann Lee"])
    finish(store, {"a.txt": harbour}, now=1_002.0)
    store.close()
    store = place.store()
    open_job(store, [new_item("c.txt")], now=2_000.0)
    finish(store, {"c.txt": article("[bold]Ring\x1b[2J\nthe bell[/bold]", "Ding dong.")}, now=2_002.0)
    store.close()


def test_articles_are_listed_newest_first(place, two_articles):
    lines = place.feedmill("articles").stdout.splitlines()
    assert "title" in lines[0]
    assert "the bell" in lines[2]
    assert "Harbour reopens" in lines[3]
    assert "The Wire" in lines[3]
    assert "2026-03-01 08:05" in lines[3]


def test_a_title_can_neither_command_the_terminal_nor_style_the_table(place, two_articles):
    for command in (["articles"], ["show", "2"], ["show", "2", "--markdown"], ["articles", "--json"]):
        stdout = place.feedmill(*command).stdout
        assert "\x1b" not in stdout
        assert "[bold]" in stdout


def test_search_since_and_limit_narrow_the_list(place, two_articles):
    def titles(*args):
        return [one["title"] for one in place.json("articles", *args)["articles"]]

    assert titles("--search", "HARBOUR reop*") == ["Harbour reopens"]
    assert titles("--search", "harbour dong") == []
    assert len(titles("--limit", "1")) == 1
    assert titles("--since", "1970-01-01T00:33:00Z") == ["[bold]Ring\x1b[2J\nthe bell[/bold]"]


def test_an_unreadable_time_is_wrong_usage(place, two_articles):
    result = place.feedmill("articles", "--since", "yesterday")
    assert result.exit_code == 2
    assert "24h" in result.stderr


def test_json_gives_times_as_iso(place, two_articles):
    first = place.json("articles", "--limit", "1")["articles"][0]
    assert first["stored_at"] == "1970-01-01T00:33:22.000+00:00"
    assert first["word_count"] == 2


def test_show_prints_headline_byline_text_and_then_the_fields(place, two_articles):
    head, text, fields = re.split(r"\n\u2500+\n", place.feedmill("show", "1").stdout)
    assert head == "Harbour reopens\nBy Ann Lee \u00b7 The Wire \u00b7 2026-03-01 08:05"
    assert text.strip() == "The harbour is open."
    assert re.search(r"^word count +4 *$", fields, re.MULTILINE)
    assert "title" not in fields


def test_show_fields_tells_all_with_their_sources(place):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    finish(store, {"a.txt": article(authors=["Ann Lee"], provenance={"title": "h1", "authors": "byline"})})
    store.close()
    fields = place.feedmill("show", "1", "--fields").stdout.rpartition("\u2500\n")[2]
    told = [line.split("  ") for line in fields.splitlines()]
    assert [[cell.strip() for cell in row if cell.strip()] for row in told][:2] == [
        ["title", "Harbour reopens", "h1"],
        ["authors", "Ann Lee", "byline"],
    ]


def test_lists_are_narrowed_down_and_gone_through_page_by_page(place, two_articles):
    def titles(*args):
        return [one["title"] for one in place.json("articles", *args)["articles"]]

    assert titles("--site", "the wire") == ["Harbour reopens"]
    assert titles("--author", "Lee", "--published-since", "2026-03-01") == ["Harbour reopens"]
    assert titles("--published-before", "2026-03-01T08:05+01:00") == []
    first = place.json("articles", "--limit", "1")
    rest = place.json("articles", "--limit", "1", "--after", first["next"])
    assert rest["next"] is None
    both = place.json("articles", "--all")["articles"]
    assert [*first["articles"], *rest["articles"]] == both
    assert len(both) == 2


def test_a_cursor_that_is_none_is_wrong_usage(place, two_articles):
    result = place.feedmill("articles", "--after", "nonsense")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_a_narrow_list_keeps_titles_whole(place, two_articles, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    lines = place.feedmill("articles").stdout.splitlines()
    assert lines[2] == "1  Harbour reopens"
    assert lines[3].strip() == "The Wire \u00b7 2026-03-01 08:05 \u00b7 4 words"


def test_show_takes_the_name_it_came_under(place, two_articles):
    assert place.json("show", "a.txt")["id"] == 1
    assert place.json("show", "file:///in/a.txt")["id"] == 1


def test_show_json_is_the_article_with_where_it_is_from(place, two_articles):
    document = place.json("show", "1")
    assert document["text"] == "The harbour is open."
    assert {"id", "job", "fetched_at", "provenance"} <= set(document)


def test_show_markdown_is_the_markup_under_its_title(place, two_articles):
    assert place.feedmill("show", "1", "--markdown").stdout == "# Harbour reopens\n\nThe harbour is open.\n"


def test_what_is_not_there_is_wrong_usage(place, two_articles):
    result = place.feedmill("show", "99")
    assert result.exit_code == 2
    assert "feedmill articles" in result.stderr
    assert place.feedmill("show", "1", "--json", "--markdown").exit_code == 2


def test_export_writes_one_article_a_line(place, two_articles):
    lines = place.feedmill("export").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    told = place.json("show", "1")
    assert json.loads(lines[0]) == {name: value for name, value in told.items() if name != "evidence"}


def test_export_offers_what_can_be_written():
    assert (*export.FORMATS, "parquet") == FORMATS


def test_export_to_a_file_replaces_it_whole(place, two_articles, tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    result = place.feedmill("export", "-o", str(target), "--since", "1970-01-01T00:33:00Z")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "1 article written" in result.stderr
    assert [json.loads(line)["id"] for line in target.read_text().splitlines()] == [2]
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_export_can_speak_schema_org(place, two_articles):
    lines = place.feedmill("export", "--format", "jsonld").stdout.splitlines()
    told = [json.loads(line) for line in lines]
    assert {one["@type"] for one in told} == {"NewsArticle"}
    assert told[0]["headline"] == "Harbour reopens"


def test_export_writes_parquet_with_a_column_for_each_field(place, two_articles, tmp_path):
    from pyarrow import parquet

    target = tmp_path / "out.parquet"
    assert place.feedmill("export", "--format", "parquet", "-o", str(target)).exit_code == 0
    rows = parquet.read_table(target).to_pylist()
    told = [json.loads(line) for line in place.feedmill("export").stdout.splitlines()]
    assert [row | {"provenance": dict(row["provenance"])} for row in rows] == told
    assert tuple(rows[0]) == export.COLUMNS


def test_parquet_comes_in_row_groups_and_an_empty_file_has_its_columns(tmp_path, monkeypatch):
    from pyarrow import parquet

    from pipeline.model import Article
    from pipeline.store import parquet as writer

    monkeypatch.setattr(writer, "ROWS", 2)
    record = {"id": 1, "job": "j", "fetched_at": "2026-01-01T00:00:00Z", **Article().to_dict()}
    for number, groups in ((5, 3), (0, 0)):
        with (tmp_path / "some.parquet").open("wb") as stream:
            assert writer.write_parquet(iter([record] * number), stream) == number
        told = parquet.ParquetFile(tmp_path / "some.parquet")
        assert (told.num_row_groups, told.metadata.num_rows) == (groups, number)
        assert told.schema_arrow.names == list(record)


def test_without_its_extra_parquet_says_how_to_get_it(place, two_articles, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    target = tmp_path / "out.parquet"
    result = place.feedmill("export", "--format", "parquet", "-o", str(target))
    assert result.exit_code == 2
    assert "pip install 'feedmill[parquet]'" in result.stderr
    assert not target.exists()


def test_export_prints_its_schema_where_nothing_is_stored(place):
    told = json.loads(place.feedmill("export", "--schema").stdout)
    assert {"title", "provenance", "id", "fetched_at"} <= set(told["properties"])


def test_export_to_nowhere_says_so(place, two_articles, tmp_path):
    result = place.feedmill("export", "-o", str(tmp_path / "no" / "out.csv"), "--format", "csv")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_no_articles_is_said_and_not_printed(place):
    place.store().close()
    result = place.feedmill("articles")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "",
        "No articles yet. Begin with `feedmill run SOURCE`.\n",
    )


@pytest.fixture
def doubtful_articles(place):
    """Articles whose cut is sure, doubtful, and of unknown confidence."""
    store = place.store()
    open_job(store, [new_item("a.txt"), new_item("b.txt"), new_item("c.txt")])
    finish(
        store,
        {
            "a.txt": article("Sure", "One.", confidence=0.93),
            "b.txt": article("Doubtful", "Two.", confidence=0.699),
            "c.txt": article("Unknown", "Three."),
        },
    )
    store.close()


def test_doubtful_articles_are_marked_and_found(place, doubtful_articles):
    def titles(*args):
        return [one["title"] for one in place.json("articles", *args)["articles"]]

    listed = place.feedmill("articles").stdout.splitlines()
    assert [line.partition("doubtful cut")[2] for line in listed if "doubtful cut" in line] == [", 0.69"]
    assert titles("--doubtful") == ["Doubtful"]
    assert titles("--min-confidence", "0.7") == ["Sure"]
    assert titles("--min-confidence", "0") == ["Doubtful", "Sure"]
    assert place.feedmill("articles", "--min-confidence", "70").exit_code == 2
    assert place.feedmill("articles", "--min-confidence", "0.99").stderr == "No article matches.\n"


def test_a_list_without_doubt_has_no_mark(place, two_articles):
    assert "mark" not in place.feedmill("articles").stdout.splitlines()[0]


def test_show_tells_the_confidence(place, doubtful_articles):
    def told(name):
        lines = place.feedmill("show", name).stdout.splitlines()
        return [line.split(None, 1)[1].strip() for line in lines if line.startswith("confidence")]

    assert told("a.txt") == ["0.93"]
    assert told("b.txt") == ["0.69: a doubtful cut"]
    assert told("c.txt") == []
    assert place.json("show", "b.txt")["confidence"] == 0.699
    assert place.json("show", "c.txt")["confidence"] is None


def test_a_search_shows_the_passage_that_answers(place, two_articles):
    first = place.json("articles", "--search", "dong")["articles"][0]
    assert first["passage"] == {"text": "Ding dong.", "found": [[5, 9]]}
    lines = place.feedmill("articles", "--search", "dong").stdout.splitlines()
    assert lines[0].split(maxsplit=1)[0] == "2"
    assert lines[-1].strip() == "Ding dong."
    assert place.json("articles", "--limit", "1")["articles"][0]["passage"] is None


def test_a_search_that_cannot_be_understood_is_wrong_usage(place, two_articles):
    result = place.feedmill("articles", "--search", "dong after:noon")
    assert result.exit_code == 2
    assert "after:noon is no date" in result.stderr
