"""``feedmill export``: every article, streamed to a file or to standard output."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from pipeline.errors import SettingsError
from workers.cli.invocation import Invocation, data_dir_option, output_option, pass_invocation
from workers.cli.since import since_option

#: those of `pipeline.store.export`, which starting shall not wait for, and the one that is no text
FORMATS = ("jsonl", "jsonld", "csv", "markdown", "parquet")


class _Format(click.Choice[str]):
    """One of ours, or of another package."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from pipeline.plugins import plugged

        if value not in FORMATS and value in plugged("feedmill.formats"):
            return value
        return super().convert(value, param, ctx)


def _print_schema(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from pipeline.model import article_schema
        from workers.cli import output

        output.print_json(article_schema())
        ctx.exit()


@click.command()
@click.option(
    "--format", "form", type=_Format(FORMATS), default="jsonl", show_default=True, help="What to write."
)
@click.option(
    "--schema",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_schema,
    help="Print the JSON Schema of a line of jsonl, and nothing else.",
)
@output_option
@since_option
@data_dir_option
@pass_invocation
def export(invocation: Invocation, form: str, path: Path | None, since: float | None) -> None:
    """Write all articles as JSON lines, schema.org JSON-LD, CSV, Markdown or Parquet.

    A line of jsonl is what --schema says; one of jsonld is a NewsArticle of schema.org. In CSV,
    text that a spreadsheet would run as a formula gets an apostrophe in front.
    Parquet needs an extra: pip install 'feedmill[parquet]'.

    \b
    Example:
      feedmill export -o articles.jsonl
      feedmill export --format csv --since 7d > week.csv
      feedmill export --schema > article.schema.json
    """
    from workers.cli import output
    from workers.wording import count

    articles = invocation.store().export(since=since)
    if path is None:
        if form == "parquet" and sys.stdout.isatty():
            raise click.UsageError("A Parquet file is nothing to look at: name it with -o PATH.")
        _write(articles, form, sys.stdout)
        return
    with replaced(path) as stream:
        number = _write(articles, form, stream)
    output.say(f"{count(number, 'article')} written to {path}.")


def _write(articles: Iterator[dict[str, Any]], form: str, stream: TextIO) -> int:
    if form == "parquet":
        from pipeline.store.parquet import write_parquet

        return write_parquet(articles, stream.buffer)
    from pipeline.store.export import write

    return write(articles, form, stream)


@contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """A stream whose text becomes the file in one step at the end; on any error nothing changes.

    Raises SettingsError when the place cannot be written to.
    """
    try:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror or error}.") from error
    part = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as stream:
            yield stream
        # mkstemp makes private files; what the user asked for gets the usual permissions.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


__all__ = ["FORMATS", "export", "replaced"]
