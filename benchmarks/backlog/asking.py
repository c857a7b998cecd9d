"""How long the questions take that are asked all the time, and those that people ask, on a full database."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from pipeline.store.contract import Store
from workers.status import job_document, overview_document


class Asked(NamedTuple):
    """Milliseconds."""

    median: float
    p95: float


def ask(store: Store, job: str, times: int) -> dict[str, Asked]:
    """By question; what changes rows is undone."""
    now = time.time()
    questions: dict[str, Callable[[], object]] = {
        "admit (and defer)": lambda: store.defer(dict.fromkeys(store.admit(256, now), now - 1)),
        "in_flight": store.in_flight,
        "in flight of a job": lambda: store.job_items_in_flight(job),
        "end_jobs": lambda: store.end_jobs(now),
        "next_due": lambda: store.next_due(now),
        "status": lambda: overview_document(store, None),
        "status JOB": lambda: job_document(store, None, job),
        "jobs": store.jobs,
        "totals": store.totals,
        "failures": store.failures,
        "items of a job": lambda: store.items(job=job, limit=100),
        "failed items of a job": lambda: store.items(job=job, outcome="failed", limit=100),
        "failed items": lambda: store.items(outcome="failed", limit=100),
        "newest items": lambda: store.items(limit=100),
        "find by address": lambda: store.find_items("https://example.org/5"),
        "articles": lambda: store.articles(limit=50),
    }
    return {name: _timed(question, times) for name, question in questions.items()}


def _timed(question: Callable[[], object], times: int) -> Asked:
    taken = []
    began = time.perf_counter()
    for _ in range(times):
        before = time.perf_counter()
        question()
        taken.append((time.perf_counter() - before) * 1000)
        if time.perf_counter() - began > 20:
            break
    return Asked(statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)])
