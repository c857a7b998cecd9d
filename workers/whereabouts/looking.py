"""A look for one article in all the places where it may be."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from pipeline.errors import PipelineError
from pipeline.fetch.hosts import registered_domain
from pipeline.model import Feed, JobStatus
from pipeline.settings import Settings
from pipeline.spellings import address_in, keys_meant
from pipeline.store.contract import ItemRow, Store
from pipeline.store.trail import Trail
from pipeline.urls import is_url
from workers.stages import Stages
from workers.whereabouts.clue import Clue, Deed, Whereabouts
from workers.whereabouts.feeds import entry_clues, feed_clues, name_of
from workers.whereabouts.guesses import address_guesses, headline_guesses
from workers.whereabouts.headlines import Told, headline, looked_for
from workers.whereabouts.host import host_clues
from workers.whereabouts.items import article_clues, grave_clues, item_clues
from workers.wording import count, from_now, line

#: longest text that is looked for (characters)
LONGEST = 4000
#: items of one name
MOST_ITEMS = 20


def whereabouts(
    store: Store, stages: Stages | None, asked: str, now: float, settings: Settings
) -> Whereabouts:
    """Everything that is known of a URL, path, title, item's, article's or job's number.

    stages: None where Redis cannot be asked; then nothing is told of hosts. Every question is answered by
    an index. Raises StoreError.
    """
    asked = asked.strip()[:LONGEST]
    if not asked:
        return Whereabouts(asked)
    if (job := store.job_status(asked)) is not None:
        return Whereabouts(asked, [_job(job, now)])
    look = _Look(store, stages, now, settings)
    address = address_in(asked)
    items = store.find_items(asked, MOST_ITEMS)
    sure = [item for item in items if _is_meant(item, asked)]
    if address is not None and items and not sure and _is_doubtful(asked, address):
        address = None
    if address is not None and not sure and urlsplit(address)[2:4] == ("/", ""):
        return look.at_site(address)
    if _is_number(asked):
        return look.at_number(int(asked), sure)
    return look.at_name(asked, address, items, sure)


@dataclass(frozen=True)
class _Look:
    """One look, at one moment."""

    store: Store
    stages: Stages | None
    now: float
    settings: Settings

    def at_name(
        self, asked: str, address: str | None, items: Sequence[ItemRow], sure: Sequence[ItemRow]
    ) -> Whereabouts:
        """For an address, a path, or words of a title. ``sure``: those of the items that are called so."""
        host = urlsplit(address).netloc if address else ""
        keys = [*keys_meant(asked), *(item.key for item in sure)]
        trail = self.store.trail(keys, host, _domain(host))
        is_known = bool(sure or trail.articles)
        seen = [item.article for item in sure if item.article is not None]
        seen += [one.article for one in trail.articles]
        clues = [_own_feed(feed) for feed in self.store.feeds(list(trail.own))] if trail.own else []
        # What only has the text as a part of its name is told behind what is known of the text itself.
        clues += item_clues(self.store, sure, self.now, self.settings)
        clues += article_clues(
            trail.articles, frozenset(item.article for item in sure if item.article is not None)
        )
        clues += grave_clues(trail.graves, self.now)
        told = Told([])
        if not is_known and address is None:
            told = headline(self.store, asked, self.now, self.settings)
        clues += told.clues
        if address is not None and not is_known and not trail.own:
            clues.insert(0, _unknown(address, bool(trail.entries or trail.graves)))
            clues += address_guesses(self.store, address, frozenset(item.key for item in items))
        if not sure:
            clues += self._partly(items, clues)
        if address is not None:
            clues += self._at_host(address, trail, bool(sure), is_known)
        elif not clues:
            clues = [_nothing(asked)]
        if address is None and (told.is_guess or not (told.clues or is_known or items)):
            links = {clue.link for clue in clues}
            clues += [one for one in headline_guesses(self.store, asked) if one.link not in links]
        if not is_known:
            clues += _being_read(self.store, trail.reading, self.now)
        item = sure[0].id if sure else told.item
        return Whereabouts(asked, clues, item, seen[0] if seen else told.article, address)

    def _partly(self, items: Sequence[ItemRow], clues: Sequence[Clue]) -> Iterator[Clue]:
        """Items that have the text as a part of their name."""
        known = {clue.link for clue in clues}
        told = [
            one for one in item_clues(self.store, items, self.now, self.settings) if one.link not in known
        ]
        if told and clues:
            yield Clue("note", "Names that have it as a part of them:")
        yield from told

    def at_number(self, number: int, items: Sequence[ItemRow]) -> Whereabouts:
        """For the number of an item, of an article, or of one of each."""
        clues = list(item_clues(self.store, items, self.now, self.settings))
        article = self.store.article(number)
        if article is not None and all(item.article != number for item in items):
            says = f'Article {number} is "{line(article["title"]) or "(no title)"}".'
            link = (f"/articles/{number}", f"Article {number}")
            clues.append(Clue("good", says, *link, command=f"feedmill show {number}"))
        if not clues:
            clues = [_nothing(str(number))]
        item = items[0].id if items else None
        seen = number if article is not None else None
        return Whereabouts(
            str(number), clues, item, seen, is_ambiguous=bool(items) and len(clues) > len(items)
        )

    def at_site(self, address: str) -> Whereabouts:
        """For a whole site: its articles, its feeds, and what is at with its host."""
        host = urlsplit(address).netloc
        trail = self.store.trail([], host, _domain(host))
        link = (f"/articles?site={quote(host)}", f"Articles of {host}")
        says = f"{host} is a whole site. Look for the address of the article, or its title."
        clues = [Clue("note", says, *link), *self._at_host(address, trail, False, True)]
        return Whereabouts(host, clues, address=address)

    def _at_host(self, address: str, trail: Trail, has_item: bool, is_known: bool) -> Iterator[Clue]:
        feeds = self.store.feeds(list(trail.feeds)) if trail.feeds else []
        feeds.sort(key=lambda feed: trail.feeds.index(feed.id))
        listed = frozenset(entry.feed for entry in trail.entries)
        yield from entry_clues(trail.entries, feeds, has_item, self.now)
        try:
            yield from host_clues(self.stages, address, self.settings, self.now)
        except PipelineError as error:
            if error.code != "redis":
                raise
            yield Clue("note", f"What workers know of the host cannot be asked: {error.message}")
        site = "{0.scheme}://{0.netloc}/".format(urlsplit(address))
        yield from feed_clues(feeds, site, listed, is_known, self.now)


def _is_doubtful(asked: str, address: str) -> bool:
    """Whether what only looks like an address may as well be a part of a file's name: ``orm.tx``."""
    return not is_url(asked) and not _domain(urlsplit(address).netloc)


def _is_meant(item: ItemRow, asked: str) -> bool:
    """Whether an item is called so, and not only has it as a part of its name."""
    if asked in (str(item.id), item.name) or item.key in keys_meant(asked):
        return True
    # What is found by where its address led has nothing of that in its names.
    return not any(asked.lower() in name.lower() for name in (item.name, item.url or ""))


def _job(job: JobStatus, now: float) -> Clue:
    accepted = from_now(job.created_at, now)
    says = f"Job {job.job} is {job.state}: {count(job.items, 'item')}, accepted {accepted}."
    return Clue("note", says, f"/jobs/{job.job}", "The job", command=f"feedmill status {job.job}")


def _being_read(store: Store, reading: Sequence[str], now: float) -> Iterator[Clue]:
    """Jobs whose sources are being read: it may be among what has not come in yet."""
    for job in filter(None, map(store.job_status, reading)):
        yield Clue(
            "wait",
            f"Job {job.job} is still being read (accepted {from_now(job.created_at, now)}): what it has not "
            "come to yet has no item.",
            f"/jobs/{job.job}",
            "The job",
            command=f"feedmill status {job.job} --watch",
        )


def _own_feed(feed: Feed) -> Clue:
    says = f"That is the address of feed {feed.id} ({name_of(feed)})."
    return Clue("note", says, f"/feeds/{feed.id}", f"Feed {feed.id}")


def _unknown(address: str, has_trail: bool) -> Clue:
    """Nobody handed it in, and no feed brought it."""
    why = "" if has_trail else " It was never handed in, and no feed that is subscribed has listed it."
    return Clue(
        "bad",
        f"There is no item and no article of {line(address)}.{why}",
        next="Hand it in now.",
        command=f"feedmill enqueue {shlex.quote(address)}",
        deed=Deed("hand_in", address),
    )


def _nothing(asked: str) -> Clue:
    """It is no address, and nothing is called so."""
    if _is_number(asked):
        says = f"There is no item, no article and no job with the number {asked}."
    else:
        says = looked_for(asked)
    return Clue(
        "bad",
        says,
        next="Look for its address, as the browser's address bar shows it: that tells, too, why something "
        "never came. Or for fewer words, or for its file's path as it was handed in.",
        command=f"feedmill enqueue {shlex.quote(asked)}" if _is_path(asked) else "",
    )


def _is_path(text: str) -> bool:
    """Whether it may be a file; words of a title, and numbers, are not to be handed in."""
    return "/" in text or ("." in text and not any(one.isspace() for one in text))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 1 << 63


def _domain(host: str) -> str:
    return registered_domain(host.partition(":")[0]) if host else ""


__all__ = ["LONGEST", "whereabouts"]
