"""The dead-letter desk in words: groups with advice and the command that retries them, and the policy.

One shape for the command line, the pages and the API.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.errors import CODES
from pipeline.policy import Policy, policies, policy_of
from pipeline.settings import Settings
from pipeline.store.contract import Chosen, FailureGroup, Failures, Waiting
from workers.wording import count, from_now, iso, span

#: the options of `feedmill retry` that name dead letters, and the fields of `Chosen` that they fill
OPTIONS = ("code", "stage", "host", "job", "since", "before")


def group_document(group: FailureGroup, settings: Settings) -> dict[str, Any]:
    """One group, for programs."""
    return {
        **msgspec.to_builtins(group),
        "first_at": iso(group.first_at),
        "last_at": iso(group.last_at),
        "can_retry": group.can_retry,
        "advice": CODES.get(group.code),
        "policy": policy_words(policy_of(group.code, settings)),
        "retry": {"code": group.code, "stage": group.stage, "host": group.host} if group.can_retry else None,
        "command": retry_command(group) if group.can_retry else None,
    }


def failures_document(found: Failures, settings: Settings) -> dict[str, Any]:
    """All groups, for programs."""
    return {
        "failures": [group_document(group, settings) for group in found.groups],
        "count": found.count,
        "groups": found.group_count,
    }


def waiting_document(waiting: Sequence[Waiting]) -> list[dict[str, Any]]:
    """What waits to be tried again, for programs."""
    return [{**msgspec.to_builtins(one), "next_at": iso(one.next_at)} for one in waiting]


def policy_document(settings: Settings) -> list[dict[str, Any]]:
    """The retry policy, a line for each code."""
    return [
        {
            "code": one.code,
            "retried": one.transient,
            "attempts": one.attempts,
            "waits": one.waits(),
            "always": one.always,
            "set": one.is_set,
            "words": policy_words(one),
        }
        for one in policies(settings)
    ]


def retry_command(group: FailureGroup) -> str:
    """The command that tries this group again, and nothing else."""
    return "feedmill retry " + named(Chosen(code=group.code, stage=group.stage, host=group.host))


def named(chosen: Chosen) -> str:
    """What is chosen, as options of the command line."""
    parts = [str(chosen.item)] if chosen.item is not None else []
    for name in OPTIONS:
        value = getattr(chosen, name)
        if value is not None:
            parts += [f"--{name}", shlex.quote(iso(value) or "" if isinstance(value, float) else value)]
    return " ".join(parts)


def policy_words(policy: Policy) -> str:
    """What is done by itself about failures with a code."""
    if not policy.transient:
        return "permanent at once"
    waits = policy.waits()
    shown = ", ".join(span(wait) for wait in waits[:4]) + (", ..." if len(waits) > 4 else "")
    which = "" if policy.always else " if it may pass"
    return f"up to {policy.attempts} tries{which}, after {shown}"


def where_words(stage: str, host: str) -> str:
    """In which stage and at which host."""
    if stage == "read":
        return "when it was read"
    parts = [f"in {stage}"] if stage else []
    return " ".join([*parts, *([f"at {host}"] if host else [])])


def waiting_words(waiting: Sequence[Waiting], now: float) -> str:
    """``3 items wait to be tried again: 2 connect, 1 dns; the next in 25 s``; empty for none."""
    if not waiting:
        return ""
    total = sum(one.count for one in waiting)
    causes = ", ".join(f"{one.count:,} {one.code}" for one in waiting)
    verb = "waits" if total == 1 else "wait"
    return (
        f"{count(total, 'item')} {verb} to be tried again: {causes}; "
        f"the next {from_now(min(one.next_at for one in waiting), now)}"
    )


__all__ = [
    "OPTIONS", "failures_document", "group_document", "named", "policy_document", "policy_words",
    "retry_command", "waiting_document", "waiting_words", "where_words",
]  # fmt: skip
