"""An item's passport in words: what it is, how it stands, every stage and attempt."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pipeline.errors import CODES

if TYPE_CHECKING:
    from pipeline.model import Step
    from pipeline.settings import Settings
    from pipeline.store.contract import ItemRow, Store

#: older items of the same name that are listed below the newest
_OLDER = 20


def print_passport(store: Store, item: ItemRow, settings: Settings) -> None:
    from rich.table import Table
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line

    console = output.results()
    console.print(Text(line(item.name), style="bold"))
    grid = Table.grid(padding=(0, 2))
    for name, words in _facts(store, item, settings):
        grid.add_row(Text(name), Text(line(words)))
    console.print(grid)
    if item.trace:
        console.print()
        console.print(_trace_table(item.trace))


def _facts(store: Store, item: ItemRow, settings: Settings) -> list[tuple[str, str]]:
    from workers.wording import count, moment, sureness

    facts = [("item", f"{item.id} of job {item.job}")]
    if item.source != item.name:
        facts.append(("source", item.source))
    if item.url and item.url != item.name:
        facts.append(("address", item.url))
    facts.append(("accepted", moment(item.created_at)))
    facts.append(("outcome", _outcome(store, item)))
    if item.code:
        label = "reason" if item.outcome == "skipped" else "error"
        facts.append((label, f"{item.code}: {item.message or CODES.get(item.code, '')}"))
        facts.append(("advice", CODES.get(item.code, "")))
    elif item.message:
        facts.append(("note", item.message))
    if item.confidence is not None:
        facts.append(("confidence", sureness(item.confidence, item.code)))
    if item.attempts:
        facts.append(("failures", count(item.attempts, "attempt")))
    facts.append(("next", _what_next(store, item, time.time(), settings)))
    if item.page_digest:
        facts.append(("page kept", item.page_digest[:16]))
    return facts


def _outcome(store: Store, item: ItemRow) -> str:
    from workers.cli.deleted import was_deleted
    from workers.wording import moment

    if item.outcome is None:
        return "none yet: " + item.state.replace("_", " ")
    words = f"{item.outcome}, {moment(item.finished_at)}" if item.finished_at else item.outcome
    if was_deleted(store, item):
        return f"{words}: the article was deleted since"
    if item.article is None:
        return words
    article = store.article(item.article)
    title = f' "{article["title"]}"' if article and article["title"] else ""
    link = "the same as" if item.outcome == "duplicate" else "article"
    return f"{words}: {link} {item.article}{title}"


def _what_next(store: Store, item: ItemRow, now: float, settings: Settings) -> str:
    """What will become of the item, with no more done."""
    from pipeline.policy import policy_of
    from workers.wording import moment, span

    job = store.job_status(item.job) if item.outcome is None else None
    if job is not None and job.cancelled_at is not None:
        return f"it ends as cancelled in a moment: its job was cancelled {moment(job.cancelled_at)}"
    if item.state == "in_flight":
        return "a worker has it, or will in a moment"
    if item.state == "pending":
        if item.due_at is not None and item.due_at > now:
            when = f"at {moment(item.due_at)} (in {span(item.due_at - now)})"
            if not item.code:
                return f"it is taken up {when}, when its host has time"
            most = policy_of(item.code, settings).attempts
            return f"it is tried again {when} because of {item.code}: try {item.attempts + 1} of {most}"
        return "it is taken up as soon as workers run (`feedmill up`)"
    if item.can_retry:
        return f"nothing, unless you say `feedmill retry {item.id}`"
    if item.outcome == "failed":
        return "nothing: it could not be read; mend the source and enqueue it again"
    return "nothing: it has ended"


def _trace_table(trace: list[Step]) -> Any:
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line, moment, span

    table = output.table("stage", "started", "took", "worker", "result", numbers=("took",))
    for step in trace:
        result = step.result
        if step.message:
            result += f": {step.message}"
        if step.lost:
            result += f" (after {step.lost} lost with their worker)"
        outside = (Text(line(step.worker)), Text(line(result)))
        table.add_row(line(step.stage), moment(step.at), span(step.seconds), *outside)
    return table


def print_older(items: list[ItemRow]) -> None:
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line, moment

    console = output.results()
    console.print()
    console.print(Text("Earlier under this name:", style="bold"))
    table = output.table("item", "job", "accepted", "outcome", "name", numbers=("item",))
    for item in items[:_OLDER]:
        outcome = item.outcome or item.state.replace("_", " ")
        table.add_row(
            str(item.id),
            item.job,
            moment(item.created_at),
            Text(f"{outcome} ({item.code})" if item.code else outcome),
            Text(line(item.name)),
        )
    console.print(table)


__all__ = ["print_older", "print_passport"]
