"""The commands by purpose: where each lives, and what it does in a few words.

Nothing is imported to list them, so that starting, help and completion stay fast.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One command."""

    #: ``module:attribute``, imported when the command is called or explained
    where: str
    #: what it does, short enough for a narrow terminal; empty: it is not listed
    says: str = ""


#: purpose -> name -> command, in the order in which they are listed
GROUPS: dict[str, dict[str, Entry]] = {
    "Put in": {
        "run": Entry("workers.cli.run:run", "ingest sources here and now, show the result"),
        "enqueue": Entry("workers.cli.enqueue:enqueue", "hand sources to what `up` runs"),
        "feeds": Entry("workers.cli.feeds:feeds", "subscribe to feeds, look after them"),
    },
    "Watch": {
        "status": Entry("workers.cli.status:status", "all jobs or one of them; --watch: live"),
        "why": Entry("workers.cli.why:why", "what became of one URL, file or headline"),
        "failures": Entry("workers.cli.failures:failures", "what failed, by cause, and what helps"),
        "retry": Entry("workers.cli.retry:retry", "try again what failed"),
        "cancel": Entry("workers.cli.cancel:cancel", "end what is left of a job"),
        "doctor": Entry("workers.cli.doctor:doctor", "is all well here? if not, what to do"),
    },
    "Get out": {
        "articles": Entry("workers.cli.articles:articles", "list the articles, or search them"),
        "show": Entry("workers.cli.show:show", "read one article"),
        "export": Entry("workers.cli.export:export", "write all to JSON lines, CSV, Markdown"),
        "reprocess": Entry("workers.cli.reprocess:reprocess", "clean and extract again what is kept"),
        "delete": Entry("workers.cli.delete:delete", "delete articles for good"),
    },
    "Run it": {
        "up": Entry("workers.cli.up:up", "everything on this machine until Ctrl-C"),
        "serve": Entry("workers.cli.serve:serve", "service: web pages and API"),
        "worker": Entry("workers.cli.services:worker", "service: does the work"),
        "scheduler": Entry("workers.cli.services:scheduler", "service: hands work and feeds out"),
        "migrate": Entry("workers.cli.services:migrate", "bring the database up to date"),
        "healthcheck": Entry("workers.cli.services:healthcheck"),
    },
    "Find your way": {
        "help": Entry("workers.cli.overview:explain", "explain a command, with examples"),
        "completion": Entry("workers.cli.completion:completion", "Tab completes: bash, zsh, fish"),
    },
}

#: name -> ``module:attribute``, of all
COMMANDS: dict[str, str] = {name: entry.where for group in GROUPS.values() for name, entry in group.items()}

__all__ = ["COMMANDS", "GROUPS", "Entry"]
