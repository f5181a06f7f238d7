"""``vigie listen``: what a query catches among the posts of the store."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from vigie import flow, settings
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, progress, tell, tell_json, tell_table
from vigie.collect.connecting import may_export_others, may_export_words, may_show_words
from vigie.listening.concordance import Found
from vigie.listening.label_names import INTENTS
from vigie.listening.narrowing import narrowed
from vigie.listening.persons import require_no_person
from vigie.listening.preview import Example, examples, limits
from vigie.listening.query import Query, parse
from vigie.listening.query_nodes import all_of
from vigie.listening.sampled import sampled_said
from vigie.store.store import Store, open_store
from vigie.words import Words, _, marked

MOST_LETTERS = 200
"""Of an example that are shown."""
HEADERS = {"week": _("Week of"), "network": _("Network"), "intent": _("Intent")}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The answer, for programs."""

    query: str
    posts: int
    read: int
    counts: Sequence[dict[str, Any]]
    examples: Sequence[dict[str, Any]]
    """Without their authors; words only where they may leave."""
    limits: Sequence[Words]


@click.command(
    help=marked(
        "Look for posts in the store. Words, “phrases”, AND OR NOT, NEAR/5, inscri*, and fields "
        "as lang:fr or intent:question. A mistake is shown in its place. The whole language is "
        "told in docs/reference/query-language.md."
    ),
    epilog=marked(
        "Example: vigie listen '(inscription OR admission) NEAR/5 bug lang:fr' --by week "
        "--examples 5"
    ),
)
@click.argument("query", default="")
@click.option("--kept", help=marked("The name of a kept query, as it is listened to."))
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help=marked("First day, as 2026-09-01.")
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=marked("Last day."))
@click.option(
    "--by", type=click.Choice([*HEADERS]), default="network", help=marked("What to count by.")
)
@click.option("--examples", "most", default=0, help=marked("How many of the newest to show."))
@click.option("--csv", "as_csv", is_flag=True, help=marked("Print the counts as CSV."))
@json_option
def command(
    query: str,
    kept: str | None,
    since: Any,
    until: Any,
    by: str,
    most: int,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Count, and show some; a query on a person is refused as it is on the site."""
    asked = _asked(query, kept)
    configured = settings.load()
    store = open_store(configured)
    read = 0
    with progress(_("Reading words")) as advance:

        def add(posts: int) -> None:
            nonlocal read
            read += posts
            advance(read, None)

        flow.read_words(store, settings=configured, progress=add)
    found = flow.find(
        store,
        asked,
        settings=configured,
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    shown = _shown(store, found, most)
    heard = Heard(
        query=str(asked),
        posts=found.estimate.posts,
        read=found.read,
        counts=_counts(found, by),
        examples=[_row(one) for one in shown],
        limits=_limits(asked, query, found),
    )
    if as_json:
        tell_json(heard)
    elif as_csv:
        click.echo(_csv(heard, by), nl=False)
    else:
        _tell(heard, by, shown)


def _limits(asked: Query, text: str, found: Found) -> list[Words]:
    said = sampled_said(found.estimate)
    return [*([said] if said else []), *limits(asked, text)]


def _asked(text: str, kept: str | None) -> Query:
    """Read what is asked for: words, a kept query, or what fits both."""
    asked = parse(text) if text or kept is None else None
    open_records()
    from vigie.listening.allowed import allowed
    from vigie.listening.changes import query_named
    from vigie.listening.tables import query_of

    if asked is not None:
        today = datetime.now(UTC).astimezone(settings.load().zone).date()
        require_no_person(asked, text, allowed(on=today))
    if kept is None:
        assert asked is not None
        return asked
    found = narrowed(query_of(query_named(kept)))
    return found if asked is None else Query(all_of(found.node, asked.node))


def _row(example: Example) -> dict[str, Any]:
    is_own = example.origin == "own"
    may_leave = (may_export_words if is_own else may_export_others)(example.network)
    return {
        "network": example.network,
        "post": example.post,
        "origin": example.origin,
        "published_at": example.published_at,
        "url": example.url,
        "text": example.text if may_leave else None,
    }


def _counts(found: Found, by: str) -> list[dict[str, Any]]:
    total: Counter[Any] = Counter()
    column = {"week": "published_on", "network": "network", "intent": "intents"}[by]
    for (value,), posts in found.counts(column).items():
        for one in _groups(value, by):
            total[one] += posts
    ordered = sorted(total.items()) if by == "week" else total.most_common()
    return [{by: group, "posts": posts} for group, posts in ordered]


def _groups(value: Any, by: str) -> Sequence[Any]:
    """Return the groups a post is in: several intents, or none; the Monday of its week."""
    if by == "intent":
        return value or (None,)
    if by == "week":
        day: date = value
        return (day - timedelta(days=day.weekday()),)
    return (value,)


def _shown(store: Store, found: Found, most: int) -> list[Example]:
    return list(examples(store, found.newest(most))) if most > 0 else []


def _csv(heard: Heard, by: str) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, [by, "posts"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(heard.counts)
    return written.getvalue()


def _tell(heard: Heard, by: str, shown: Sequence[Example]) -> None:
    tell(_("{posts} of {read} posts.", posts=heard.posts, read=heard.read))
    if heard.counts:
        rows = [[_group(row[by]), row["posts"]] for row in heard.counts]
        tell_table((HEADERS[by], _("Posts")), rows)
    for example in shown:
        _tell_example(example)
    for limit in heard.limits:
        tell(limit)


def _group(group: object) -> object:
    if group is None:
        return _("Not labelled")
    return INTENTS.get(group, group) if isinstance(group, str) else group


def _tell_example(example: Example) -> None:
    tell(f"{example.published_on} · {example.network} · {example.url or example.post}")
    if example.text and may_show_words(example.network):
        text = " ".join(example.text.split())
        tell(f"  {text[:MOST_LETTERS]}{'…' if len(text) > MOST_LETTERS else ''}")
