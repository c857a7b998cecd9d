"""``feedmill failures``: the dead letters by cause and host, and the retry policy."""

from __future__ import annotations

import time
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import CODES
from workers.cli.chosen import chosen, chosen_options
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.store.contract import Chosen, FailureGroup, Failures

#: hosts of one cause that are shown to people; a cause alone is shown with `_MOST_GROUPS`
_MOST_HOSTS = 5
#: groups that are asked for
_MOST_GROUPS = 1000


@click.command()
@chosen_options
@click.option("--limit", type=click.IntRange(1, 100_000), default=_MOST_GROUPS, help="Most groups.")
@click.option("--policy", is_flag=True, help="Show which codes are tried again, how often and when.")
@json_option
@data_dir_option
@pass_invocation
def failures(invocation: Invocation, limit: int, policy: bool, as_json: bool, **named: Any) -> None:
    """List what failed, by cause, stage and host, with what can be done about it.

    With --json: `failures` (groups, the largest first), `count` and `groups` in all, and `waiting`: what
    failed and will be tried again by itself.

    \b
    Example:
      feedmill failures --host example.org --since 24h
      feedmill failures --policy
    """
    from workers import desk
    from workers.cli import output

    if policy:
        return _print_policy(invocation.settings, as_json)
    wanted = chosen(**named)
    store, settings = invocation.store(), invocation.settings
    found = store.failures(wanted, limit=limit)
    waiting = store.waiting(time.time(), job=wanted.job)
    if as_json:
        told = desk.failures_document(found, settings) | {"waiting": desk.waiting_document(waiting)}
        return output.print_json(told)
    if found.groups:
        _print_causes(found, wanted, settings)
    else:
        output.say("Nothing failed that way." if desk.named(wanted) else "Nothing failed.")
    if waiting:
        output.say(desk.waiting_words(waiting, time.time()) + ".")
    return None


def _print_causes(found: Failures, wanted: Chosen, settings: Settings) -> None:
    from workers.cli import output
    from workers.wording import count

    # The largest cause first: groups come by their size.
    order = list(dict.fromkeys((group.code, group.stage) for group in found.groups))
    by_cause = sorted(found.groups, key=lambda group: order.index((group.code, group.stage)))
    for _, groups in groupby(by_cause, key=lambda group: (group.code, group.stage)):
        _print_cause(list(groups), wanted, settings)
    left = found.group_count - len(found.groups)
    more = f" {count(left, 'group')} more: --limit shows them." if left else ""
    output.say(f"{count(found.count, 'failed item')}.{more} Try all of them again: feedmill retry --all")


def _print_cause(groups: list[FailureGroup], wanted: Chosen, settings: Settings) -> None:
    from rich.text import Text

    from pipeline.policy import policy_of
    from workers import desk
    from workers.cli import output
    from workers.wording import count

    first, total = groups[0], sum(group.count for group in groups)
    several = len(groups) > 1
    where = f" in {first.stage}" if several and first.stage not in ("", "read") else ""
    if not several:
        where = f" {_printable(desk.where_words(first.stage, first.host))}".rstrip()
    hosts = f" at {count(len(groups), 'host')}" if several else ""
    output.results().print(Text.assemble((first.code, "bold"), f"{where}: {count(total, 'item')}{hosts}"))
    _indented(2, CODES.get(first.code, ""))
    _indented(2, f"By itself: {desk.policy_words(policy_of(first.code, settings))}.")
    shown = groups if wanted.code is not None else groups[:_MOST_HOSTS]
    for group in shown:
        if several:
            at = f"at {_printable(group.host)}" if group.host else "at no host"
            _indented(2, f"{at}: {count(group.count, 'item')}")
        _print_group(group, 4 if several else 2)
    if len(shown) < len(groups):
        _indented(2, f"... and {len(groups) - len(shown)} hosts more: feedmill failures --code {first.code}")
        _indented(2, f"try all of this cause again: feedmill retry --code {first.code}")


def _print_group(group: FailureGroup, depth: int) -> None:
    from workers import desk
    from workers.wording import moment

    first, last = moment(group.first_at), moment(group.last_at)
    _indented(depth, f"on {last}" if first == last else f"from {first} to {last}")
    _indented(depth, _printable(group.message))
    _indented(depth, f"for example: {_printable(group.example_name)} (feedmill why {group.example_item})")
    if group.can_retry:
        _indented(depth, f"try again: {_printable(desk.retry_command(group))}")
    else:
        _indented(depth, "try again: mend the source and enqueue it again")


def _print_policy(settings: Settings, as_json: bool) -> None:
    from pipeline.policy import policies
    from workers import desk
    from workers.cli import output

    if as_json:
        return output.print_json({"policy": desk.policy_document(settings)})
    table = output.table("code", "by itself", "set by")
    for one in policies(settings):
        table.add_row(one.code, desk.policy_words(one), "FEEDMILL_RETRY" if one.is_set else "")
    output.results().print(table)
    output.say(
        "Waits are up to a quarter longer, never more than a day, and never shorter than the other side asks "
        "(Retry-After). Change them with FEEDMILL_RETRY=timeout=6x60s,connect=3,http_server=off."
    )
    return None


def _printable(text: str) -> str:
    from workers.wording import line

    return line(text)


def _indented(depth: int, text: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from workers.cli import output

    if text:
        output.results().print(Padding(Text(text), (0, 0, 0, depth), expand=False))
