"""Judgement, without any I/O: values in, values out; time and randomness are arguments.

What an article is to those stored before (identity), which one it nearly repeats, whether a
failure is tried again and when, when a feed is polled next, and how jobs share the window.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random

import msgspec

from pipeline.model import Article, Feed, Outcome, Problem, Value
from pipeline.settings import Settings

#: no wait is longer than this, in seconds: a day
LONGEST_WAIT = 86_400.0
#: a retry waits up to this share longer than computed, so that failures of one moment spread out
JITTER = 0.25
#: a poll comes up to this share earlier or later, so that feeds added together drift apart
POLL_JITTER = 0.05
#: two articles are near duplicates up to this many differing bits of 64 (Manku, Jain and
#: Das Sarma, "Detecting near-duplicates for web crawling", 2007)
NEAR_BITS = 3
#: jobs that get a share of the window at once
SHARING_JOBS = 20

_MASK = (1 << 64) - 1


# -- identity -----------------------------------------------------------------------------------


class Candidate(Value, frozen=True, kw_only=True):
    """An article that came out of the stages, as far as identity needs it."""

    key: str
    #: empty: unknown
    page_digest: str
    content_hash: str
    fingerprint: str
    extractor_version: str
    #: what people call it: title or name
    label: str


class Name(Value, frozen=True, kw_only=True):
    """What is known of a key: the article it led to, and what its page gave the last time."""

    article: int
    page_digest: str
    content_hash: str
    extractor_version: str


class Held(Value, frozen=True, kw_only=True):
    """A stored article, as far as identity needs it."""

    article: int
    key: str
    content_hash: str
    fingerprint: str
    label: str


class Verdict(Value, frozen=True, kw_only=True):
    """What a candidate is. ``article``: its own id, new or old, or that of the one it repeats."""

    outcome: Outcome
    article: int
    #: for a duplicate: of what, for people
    message: str | None = None
    #: what is known of its key from now on; None where no article came with the ending
    name: Name | None = None


def fingerprint(article: Article) -> str:
    """Digest of all that makes an article another revision, apart from its text's content hash.

    Left out are the fields that say how it was made, not what it says: provenance, simhash,
    near_duplicate_of, extractor_version.
    """
    told = msgspec.structs.replace(
        article,
        text="",
        content_hash="",
        simhash="",
        near_duplicate_of=None,
        provenance={},
        extractor_version="",
    )
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=16).hexdigest()


def identify(
    candidates: Sequence[Candidate],
    names: Mapping[str, Name],
    articles: Iterable[Held],
    next_article: int,
) -> list[Verdict]:
    """One verdict for each candidate, each seeing what those before it have become.

    ``names`` and ``articles`` hold at least what storage knows of the candidates' keys and
    content hashes. New articles are numbered from ``next_article``.
    """
    names = dict(names)
    by_id = {held.article: held for held in articles}
    by_content: dict[str, set[int]] = defaultdict(set)
    for held in by_id.values():
        by_content[held.content_hash].add(held.article)
    verdicts = []
    for candidate in candidates:
        name = names.get(candidate.key)
        known = by_id.get(name.article) if name else None
        twins = by_content[candidate.content_hash] if candidate.content_hash else None
        twin = by_id[min(twins)] if twins else None
        verdict = _identity(candidate, name, known, twin, next_article)
        if verdict.outcome in ("stored", "updated"):
            next_article = max(next_article, verdict.article + 1)
            if verdict.outcome == "updated":
                by_content[by_id[verdict.article].content_hash].discard(verdict.article)
            by_id[verdict.article] = _hold(candidate, verdict.article)
            by_content[candidate.content_hash].add(verdict.article)
        names[candidate.key] = Name(
            article=verdict.article,
            page_digest=candidate.page_digest,
            # The article's, which differs only where an equal page spared the comparison.
            content_hash=by_id[verdict.article].content_hash,
            extractor_version=candidate.extractor_version,
        )
        verdicts.append(msgspec.structs.replace(verdict, name=names[candidate.key]))
    return verdicts


def _identity(
    candidate: Candidate, name: Name | None, held: Held | None, twin: Held | None, next_article: int
) -> Verdict:
    if name and held:
        same_page = candidate.page_digest and candidate.page_digest == name.page_digest
        same_work = candidate.extractor_version == name.extractor_version
        if same_page and same_work and name.content_hash == held.content_hash:
            return Verdict(outcome="unchanged", article=held.article)
        same_content = candidate.content_hash == held.content_hash
        if held.key == candidate.key:
            equal = same_content and candidate.fingerprint == held.fingerprint
            return Verdict(outcome="unchanged" if equal else "updated", article=held.article)
        if same_content and candidate.content_hash:
            return Verdict(outcome="unchanged", article=held.article)
    if twin:
        return Verdict(
            outcome="duplicate",
            article=twin.article,
            message=f"Same content as article {twin.article}: {twin.label}",
        )
    return Verdict(outcome="stored", article=next_article)


def _hold(candidate: Candidate, article: int) -> Held:
    return Held(
        article=article,
        key=candidate.key,
        content_hash=candidate.content_hash,
        fingerprint=candidate.fingerprint,
        label=candidate.label,
    )


# -- near duplicates ----------------------------------------------------------------------------


def bands(simhash: int) -> tuple[int, int, int, int]:
    """The four quarters of a 64-bit hash, each marked with its position."""
    return (
        simhash & 0xFFFF,
        1 << 16 | (simhash >> 16 & 0xFFFF),
        2 << 16 | (simhash >> 32 & 0xFFFF),
        3 << 16 | (simhash >> 48 & 0xFFFF),
    )


def near_duplicate(simhash: int, others: Mapping[int, int]) -> int | None:
    """The id among others (id -> simhash) that differs least, in at most `NEAR_BITS` bits.

    Of equally near ones it is the lowest id: the one stored first. None if none is near.
    """
    nearest = min(
        ((((simhash ^ other) & _MASK).bit_count(), article) for article, other in others.items()),
        default=None,
    )
    return nearest[1] if nearest and nearest[0] <= NEAR_BITS else None


# -- retry or give up ---------------------------------------------------------------------------


class RetryAt(Value, frozen=True, kw_only=True):
    """The same attempt may succeed later."""

    due_at: float


class GiveUp(Value, frozen=True, kw_only=True):
    """The failure is final."""


def after_failure(
    problem: Problem, attempts: int, now: float, settings: Settings, random: Random
) -> RetryAt | GiveUp:
    """Whether and when to try again after the attempts-th failure (from 1) of an item.

    The wait doubles each time from ``settings.retry_seconds``, is at least what the other side
    asked for, gets up to `JITTER` longer, and never exceeds `LONGEST_WAIT`.
    """
    if not problem.retry_helps or attempts >= settings.max_attempts:
        return GiveUp()
    # 2 ** 40 seconds is far beyond the longest wait: a larger power would only overflow.
    wait = settings.retry_seconds * 2.0 ** min(attempts - 1, 40)
    wait = max(wait, problem.retry_after or 0.0) * (1 + JITTER * random.random())
    return RetryAt(due_at=now + min(max(wait, 0.0), LONGEST_WAIT))


# -- feeds --------------------------------------------------------------------------------------


def next_poll(feed: Feed, problem: Problem | None, now: float, random: Random) -> float:
    """When a feed is polled next, after a poll that succeeded (problem None) or failed.

    A failing feed waits twice as long after each failure (``feed.errors`` counts those before
    this poll), up to `LONGEST_WAIT`, and at least as long as its server asked for.
    """
    if problem is None:
        return now + feed.interval * (1 + POLL_JITTER * (2 * random.random() - 1))
    wait = min(feed.interval * 2.0 ** min(feed.errors + 1, 40), LONGEST_WAIT)
    return now + max(wait, min(problem.retry_after or 0.0, LONGEST_WAIT))


# -- the window ---------------------------------------------------------------------------------


def shares(limit: int, waiting: Sequence[int]) -> list[int]:
    """How many items each job may send into flight, of the numbers that wait, fewest first.

    Everyone gets an equal share; what a job cannot use goes to those after it.
    """
    given = []
    for position, count in enumerate(waiting):
        share = min(count, -(-limit // (len(waiting) - position)))
        given.append(share)
        limit -= share
    return given
