"""The laws that hold once the faults are over. Each is a function that says what breaks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from benchmarks.chaos.evidence import Evidence, Found
from workers.watchdog import DEAF

#: longest time from the end of the last fault until all that was accepted is done (s)
RECOVERY_SECONDS = 30.0

Law = Callable[[Evidence], Iterator[str]]


def counters_equal_rows_and_outcomes(evidence: Evidence) -> Iterator[str]:
    """Conservation: items = pending + in flight + outcomes in every job, and the counters equal the rows."""
    for job in evidence.jobs:
        if job.items != job.pending + job.in_flight + job.outcomes.total:
            parts = f"{job.pending} + {job.in_flight} + {job.outcomes.total}"
            yield f"job {job.job}: {job.items} items, but {parts}"
    yield from evidence.problems


def what_was_accepted_is_done(evidence: Evidence) -> Iterator[str]:
    """Every job that was accepted has all its items, and each of them has an outcome."""
    jobs = {job.job: job for job in evidence.jobs}
    for name, items in evidence.accepted.items():
        job = jobs.get(name)
        if job is None:
            yield f"job {name} was accepted and is not there"
        elif job.items < items or job.outcomes.total != job.items or job.state != "done":
            yield f"job {name}: {items} accepted, {job.items} there, {job.outcomes.total} done, {job.state}"


def articles_equal_the_calm_run(evidence: Evidence) -> Iterator[str]:
    """The articles are those of a run without faults: keys, titles and texts."""
    if evidence.calm is None:
        return
    ours, calm = (Counter(map(_comparable, some)) for some in (evidence.articles, evidence.calm))
    for (key, title, _), count in (calm - ours).items():
        yield f"missing {count} x {key} ({title})"
    for (key, title, _), count in (ours - calm).items():
        yield f"too many {count} x {key} ({title})"


def each_article_is_there_once(evidence: Evidence) -> Iterator[str]:
    """No content and no key is stored twice."""
    for name, some in (("content", (one.content for one in evidence.articles)),
                       ("key", (one.key for one in evidence.articles))):  # fmt: skip
        for value, count in Counter(some).items():
            if count > 1:
                yield f"{name} {value} is stored {count} times"


def only_poison_fails(evidence: Evidence) -> Iterator[str]:
    """No item fails but those that were made to, and these with the code that says why."""
    for row in evidence.failed:
        codes = next((codes for word, codes in evidence.poison.items() if word in row.name), ())
        if row.code not in codes:
            yield f"item {row.id} ({row.name}) failed: {row.code}: {row.message}"


def redis_is_empty(evidence: Evidence) -> Iterator[str]:
    """No payload, lease, suspect, token, wake-up or id is left in Redis."""
    for key, size in evidence.left_in_redis.items():
        yield f"{key} holds {size}"


def nothing_is_in_flight(evidence: Evidence) -> Iterator[str]:
    """No row says that its item is in flight."""
    if evidence.in_flight:
        yield f"{len(evidence.in_flight)} items, among them {list(evidence.in_flight[:5])}"


def recovery_is_quick(evidence: Evidence) -> Iterator[str]:
    """Half a minute after the last fault all that was accepted is done."""
    for number, seconds in enumerate(evidence.recoveries, 1):
        if seconds is None or seconds > RECOVERY_SECONDS:
            yield f"round {number}: " + ("never" if seconds is None else f"{seconds:.1f} s")


def no_process_is_left(evidence: Evidence) -> Iterator[str]:
    """A service that is stopped ends within its grace, and every process below it with it."""
    for name, pids in evidence.outlived.items():
        if pids:
            yield f"{name} ended, but not {list(pids)}"
    for name, count in evidence.overdue.items():
        if count:
            yield f"{name} had to be killed {count} times after it was asked to stop"


def no_service_fails(evidence: Evidence) -> Iterator[str]:
    """No worker and no scheduler ends by itself, but a worker that finds itself deaf."""
    for name, codes in evidence.ended.items():
        wrong = [code for code in codes if code != DEAF]
        if wrong:
            yield f"{name} ended with exit code {', '.join(map(str, wrong))}"


LAWS: tuple[Law, ...] = (
    counters_equal_rows_and_outcomes,
    what_was_accepted_is_done,
    articles_equal_the_calm_run,
    each_article_is_there_once,
    only_poison_fails,
    redis_is_empty,
    nothing_is_in_flight,
    recovery_is_quick,
    no_service_fails,
    no_process_is_left,
)


def broken(evidence: Evidence) -> dict[str, list[str]]:
    """The laws that do not hold, by name, with what breaks each."""
    found = {law.__name__: list(law(evidence)) for law in LAWS}
    return {name: what for name, what in found.items() if what}


def _comparable(one: Found) -> tuple[str, str | None, str]:
    # Of a file and its copy, which of the two becomes the article is a matter of time.
    return one.key.replace("/copy-", "/story-"), one.title, one.content
