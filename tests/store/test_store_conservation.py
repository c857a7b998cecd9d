"""No item is ever lost or counted twice, whatever is done to the store in whatever order."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings, stateful
from hypothesis import strategies as st
from store_line import FINAL, NO_ARTICLE, NOW, PASSING, address, article, ending, handed, linked

from pipeline.model import Ending, NewItem, Polled
from pipeline.settings import Settings
from pipeline.store.contract import Chosen
from pipeline.store.sql import SqlStore

names = st.sampled_from("abcdef")
new_items = st.one_of(
    st.builds(handed, names, st.sampled_from(["page 1", "page 2"])),
    st.builds(linked, names, expand=st.booleans()),
    st.builds(
        lambda name, problem: NewItem(key=address(name), name=name, source="s", problem=problem),
        names,
        st.sampled_from([FINAL, NO_ARTICLE]),
    ),
)
results = st.one_of(
    st.builds(article, st.sampled_from(["text 1", "text 2", "text 3"])),
    st.sampled_from([PASSING, FINAL, NO_ARTICLE]),
)


class Ledger(stateful.RuleBasedStateMachine):
    """Random work on a store beside a plain count of what was handed in."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder)
        self.store = SqlStore(Settings(data_dir=self.folder, max_attempts=3), Random(1))
        self.now = NOW
        self.accepted: dict[str, int] = {}
        self.deleted: set[int] = set()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @stateful.rule(items=st.lists(new_items, max_size=4))
    def a_job_is_enqueued(self, items: list[NewItem]) -> None:
        job = self.store.open_job(["samples"], self.now, self.now + 60)
        self.accepted[job] = self.store.accept(job, items, self.now)
        self.store.close_job(job, self.now)

    @stateful.rule(limit=st.integers(0, 5))
    def items_are_admitted(self, limit: int) -> None:
        before = set(self.store.in_flight())
        taken = self.store.admit(limit, self.now)
        assert len(taken) == len(set(taken)) <= limit
        assert set(self.store.in_flight()) == before | set(taken)
        assert not before & set(taken)

    @stateful.rule(results=st.lists(results, max_size=4), twice=st.booleans())
    def items_end(self, results: list, twice: bool) -> None:
        flying = self.store.load(self.store.in_flight()[: len(results)])
        endings: list[Ending] = [ending(item, one) for item, one in zip(flying, results, strict=False)]
        finished = self.store.finish(endings, self.now)
        assert [one.item for one in finished] == [one.item for one in endings]
        if twice:
            assert self.store.finish(endings, self.now) == []

    @stateful.rule(entries=st.lists(new_items, min_size=1, max_size=3))
    def an_item_is_expanded(self, entries: list[NewItem]) -> None:
        for item in self.store.load(self.store.in_flight())[:1]:
            if self.store.expand(item.id, entries, self.now):
                self.accepted[item.job] += len(entries) - 1

    @stateful.rule(items=st.lists(new_items, max_size=3), found=st.booleans())
    def feeds_are_polled(self, items: list[NewItem], found: bool) -> None:
        feeds = [self.store.add_feed(address(name), self.now) for name in ("feed", "home")]
        told = Polled(feed=feeds[found].id, items=items, found=feeds[0].url if found else None)
        for job, number in self.store.feeds_polled([told, told], self.now):
            assert bool(job) == bool(number)
            if job:
                self.accepted[job] = number

    @stateful.rule(number=st.integers(1, 4), wait=st.sampled_from([0.0, 50.0]))
    def items_are_put_off(self, number: int, wait: float) -> None:
        flying = self.store.in_flight()[:number]
        assert self.store.defer(dict.fromkeys(flying, self.now + wait)) == len(flying)
        assert self.store.defer(dict.fromkeys(flying, self.now)) == 0

    @stateful.rule(number=st.integers(0, 3))
    def an_article_is_deleted(self, number: int) -> None:
        for row in self.store.articles()[number : number + 1]:
            assert self.store.delete_article(row.id, self.now)
            assert not self.store.delete_article(row.id, self.now)
            assert self.store.deleted([row.key]) == {row.key}
            self.deleted.add(row.id)

    @stateful.rule(name=names)
    def a_deletion_is_forgotten(self, name: str) -> None:
        was_deleted = bool(self.store.deleted([address(name)]))
        assert self.store.forget_deleted(address(name)) == was_deleted
        assert self.store.deleted([address(name)]) == set()

    @stateful.rule(code=st.sampled_from([FINAL.code, PASSING.code]))
    def dead_letters_are_retried(self, code: str) -> None:
        self.store.retry(self.now, Chosen(code=code))

    @stateful.rule(seconds=st.sampled_from([1.0, 100.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.store.end_jobs(self.now)

    @stateful.invariant()
    def every_item_is_somewhere(self) -> None:
        assert {one.job: one.items for one in self.store.jobs(1000)} == self.accepted
        for one in [*self.store.jobs(1000), self.store.totals()]:
            assert one.items == one.pending + one.in_flight + one.outcomes.total
            assert min(one.pending, one.in_flight) >= 0
            assert one.state == "running" or not one.pending + one.in_flight
        assert self.store.check() == []

    @stateful.invariant()
    def every_article_has_one_item_that_stored_it(self) -> None:
        stored = self.store.items(outcome="stored")
        there = {row.article for row in stored} - {None}
        assert there == {row.id for row in self.store.articles(limit=1000)}
        assert len(stored) == len(there) + len(self.deleted)

    @stateful.invariant()
    def a_number_is_given_to_one_article_only(self) -> None:
        assert not self.deleted & {row.id for row in self.store.articles(limit=1000)}


@pytest.fixture
def ledger(sqlite_template: Path) -> type[Ledger]:
    Ledger.template = sqlite_template
    return Ledger


def test_no_item_is_lost_or_counted_twice(ledger: type[Ledger]) -> None:
    stateful.run_state_machine_as_test(
        ledger, settings=settings(max_examples=12, stateful_step_count=20, deadline=None)
    )
