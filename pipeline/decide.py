"""Judgement, without any I/O: values in, values out; time and randomness are arguments.

What an article is to those stored before (identity), which one it nearly repeats, whether a
failure is tried again and when, and how jobs share the window.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlsplit

import msgspec

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Article, Outcome, Problem, Value
from pipeline.policy import LONGEST_WAIT, policy_of
from pipeline.settings import Settings

#: a retry waits up to this share longer than computed, so that failures of one moment spread out
JITTER = 0.25
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
    #: where the key's address led, in canonical form (`alias_of`); empty: to itself; None: unknown
    alias: str | None = None
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
    #: where its key led the last time; empty: to itself
    alias: str = ""
    content_hash: str
    fingerprint: str
    label: str


class Buried(Value, frozen=True, kw_only=True):
    """What was deleted, and when: keys, and content hashes."""

    keys: dict[str, float] = {}
    contents: dict[str, float] = {}


class Verdict(Value, frozen=True, kw_only=True):
    """What a candidate is. ``article``: its own id, new or old, or that of the one it repeats."""

    outcome: Outcome
    #: None for `skipped`: it was deleted
    article: int | None
    #: of what it is a duplicate, or why it is skipped, for people
    message: str | None = None
    #: what is known from now on of ``keys``; None where no article came with the ending
    name: Name | None = None
    #: the names that lead to the article from now on
    keys: tuple[str, ...] = ()
    #: where the article's own key leads from now on; empty: to itself
    alias: str = ""


def alias_of(key: str, final_url: str) -> str:
    """The canonical address at which a key's redirects ended; empty if that is the key itself.

    Empty for a home page, too: it is where sites send people whose article they no longer have,
    and nobody's address.
    """
    if final_url == key:
        return ""
    try:
        final = urls.canonical(final_url)
    except SourceError:
        return ""
    parts = urlsplit(final)
    return "" if final == key or (parts.path == "/" and not parts.query) else final


def day_and_time(at: float) -> str:
    """A moment for people, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def fingerprint(article: Article) -> str:
    """Digest of all that makes an article another revision, apart from its text's content hash.

    Left out are the fields that say how it was made, not what it says: provenance, simhash,
    near_duplicate_of, extractor_version, confidence.
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
    plain = msgspec.to_builtins(told)
    # Not only emptied: rows hold digests from before there was such a field.
    del plain["confidence"]
    return hashlib.blake2b(msgspec.json.encode(plain), digest_size=16).hexdigest()


def identify(
    candidates: Sequence[Candidate],
    names: Mapping[str, Name],
    articles: Iterable[Held],
    next_article: int,
    buried: Buried = Buried(),  # noqa: B008
) -> list[Verdict]:
    """One verdict for each candidate, each seeing what those before it have become.

    ``names``, ``articles`` and ``buried`` hold at least what storage knows of the candidates'
    keys, aliases and content hashes. New articles are numbered from ``next_article``.

    Two addresses that lead to one page are one article: its own are its key and where that led.
    Where both the candidate's are known, the one at which the redirects ended counts: the bytes
    are from there.
    """
    known = _Known(names, articles, buried)
    verdicts = []
    for candidate in candidates:
        verdict = known.verdict(candidate, next_article)
        if verdict.article is not None:
            verdict = known.learn(candidate, verdict, verdict.article)
            next_article += verdict.outcome == "stored"
        verdicts.append(verdict)
    return verdicts


def unchanged(key: str, names: Mapping[str, Name], buried: Buried) -> Verdict:
    """The verdict for an ending that says that its page is the one that gave the article."""
    if key in buried.keys:
        return _stays_deleted(buried.keys[key])
    return Verdict(outcome="unchanged", article=names[key].article if key in names else None)


class _Known:
    """What identity knows while it goes through a batch; it grows with each verdict."""

    def __init__(self, names: Mapping[str, Name], articles: Iterable[Held], buried: Buried) -> None:
        self.names = dict(names)
        self.articles = {held.article: held for held in articles}
        self.by_content: dict[str, set[int]] = defaultdict(set)
        self.buried = buried
        for held in self.articles.values():
            self.by_content[held.content_hash].add(held.article)

    def verdict(self, candidate: Candidate, next_article: int) -> Verdict:
        key, content = candidate.key, candidate.content_hash
        for address in (candidate.alias or key, key):
            if address in self.buried.keys:
                return _stays_deleted(self.buried.keys[address])
        owned = self._owned(candidate.alias or key) or self._owned(key)
        if owned:
            return self._revision(candidate, *owned)
        name = self.names.get(key)
        held = self.articles.get(name.article) if name else None
        if name and held and _repeats(candidate, name, held):
            return Verdict(outcome="unchanged", article=held.article)
        twins = self.by_content[content] if content else None
        if twins:
            twin = self.articles[min(twins)]
            message = f"Same content as article {twin.article}: {twin.label}"
            return Verdict(outcome="duplicate", article=twin.article, message=message)
        if content in self.buried.contents:
            return _stays_deleted(self.buried.contents[content])
        return Verdict(outcome="stored", article=next_article)

    def learn(self, candidate: Candidate, verdict: Verdict, article: int) -> Verdict:
        """Take a verdict into account; it comes back with what is known from now on."""
        before = self.articles.get(article)
        alias = _alias_after(candidate, verdict, before)
        if before is None or verdict.outcome == "updated":
            if before:
                self.by_content[before.content_hash].discard(article)
            self.articles[article] = Held(
                article=article,
                key=before.key if before else candidate.key,
                alias=alias,
                content_hash=candidate.content_hash,
                fingerprint=candidate.fingerprint,
                label=candidate.label,
            )
            self.by_content[candidate.content_hash].add(article)
        elif alias != before.alias:
            self.articles[article] = msgspec.structs.replace(before, alias=alias)
        name = Name(
            article=article,
            page_digest=candidate.page_digest,
            # The article's, which differs only where an equal page spared the comparison.
            content_hash=self.articles[article].content_hash,
            extractor_version=candidate.extractor_version,
        )
        addresses = (candidate.key, candidate.alias) if candidate.alias else (candidate.key,)
        keys = tuple(one for one in addresses if not self._is_key_of_another(one, article))
        self.names.update(dict.fromkeys(keys, name))
        return msgspec.structs.replace(verdict, name=name, keys=keys, alias=alias)

    def _owned(self, address: str) -> tuple[Name, Held] | None:
        """The article of which this is an address of its own: its key, or where its key led."""
        name = self.names.get(address)
        held = self.articles.get(name.article) if name else None
        return (name, held) if name and held and address in (held.key, held.alias) else None

    def _is_key_of_another(self, address: str, article: int) -> bool:
        owned = self._owned(address)
        return owned is not None and owned[1].key == address and owned[1].article != article

    def _revision(self, candidate: Candidate, name: Name, held: Held) -> Verdict:
        """A candidate that is this very article: does it say something else now?"""
        message = None
        is_own = candidate.key in (held.key, held.alias)
        if not is_own:
            message = f"Leads to the page of article {held.article}: {held.label}"
        # What a link from elsewhere says beside the text is not worth another revision.
        by_the_way = not is_own and candidate.content_hash
        told = candidate.content_hash == held.content_hash and (
            by_the_way or candidate.fingerprint == held.fingerprint
        )
        if told or _is_same_page(candidate, name, held):
            return Verdict(outcome="unchanged", article=held.article, message=message)
        if candidate.content_hash in self.buried.contents:
            return _stays_deleted(self.buried.contents[candidate.content_hash])
        return Verdict(outcome="updated", article=held.article, message=message)


def _is_same_page(candidate: Candidate, name: Name, held: Held) -> bool:
    """Whether it is the page that gave the article as it is, read by the same extractor."""
    same_page = candidate.page_digest and candidate.page_digest == name.page_digest
    same_work = candidate.extractor_version == name.extractor_version
    return bool(same_page and same_work and name.content_hash == held.content_hash)


def _repeats(candidate: Candidate, name: Name, held: Held) -> bool:
    """Whether a name that led to another's article still says what that does."""
    same_content = candidate.content_hash and candidate.content_hash == held.content_hash
    return bool(same_content or _is_same_page(candidate, name, held))


def _alias_after(candidate: Candidate, verdict: Verdict, before: Held | None) -> str:
    """Where the article's own key leads, as far as this candidate tells."""
    if before is None:
        return candidate.alias or ""
    if candidate.alias is not None and candidate.key == before.key:
        return candidate.alias
    if candidate.alias and candidate.key == before.alias and verdict.outcome == "updated":
        return candidate.alias
    return before.alias


def _stays_deleted(at: float) -> Verdict:
    message = f"The article was deleted here on {day_and_time(at)} and stays deleted."
    return Verdict(outcome="skipped", article=None, message=message)


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
    #: whether this failure is one of the item's attempts
    counts: bool = True


class GiveUp(Value, frozen=True, kw_only=True):
    """The failure is final."""


def after_failure(
    problem: Problem, attempts: int, now: float, settings: Settings, random: Random
) -> RetryAt | GiveUp:
    """Whether and when to try again after the attempts-th failure (from 1) of an item.

    How often, and after which waits, `pipeline.policy` says for each code. A wait is at least what
    the other side asked for, gets up to `JITTER` longer, and never exceeds `LONGEST_WAIT`.

    A failure that is ours (our network is out) says nothing of the item: it waits the first wait,
    as often as need be, and the attempt does not count.
    """
    if problem.ours:
        wait = settings.retry_seconds * (1 + JITTER * random.random())
        return RetryAt(due_at=now + min(wait, LONGEST_WAIT), counts=False)
    rule = policy_of(problem.code, settings)
    if attempts >= rule.attempts or not (problem.retry_helps or rule.always):
        return GiveUp()
    wait = max(rule.wait(attempts), problem.retry_after or 0.0) * (1 + JITTER * random.random())
    return RetryAt(due_at=now + min(max(wait, 0.0), LONGEST_WAIT))


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
