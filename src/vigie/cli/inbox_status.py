"""``vigie inbox status``: the journal of a box, since when it is not read, what was caught up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from vigie.cli.main import language
from vigie.words import Words, _, plural

if TYPE_CHECKING:
    from vigie.inbox.models import Box

LATELY = timedelta(days=30)


def standing(box: Box, *, now: datetime) -> Mapping[str, Any]:
    """Return how a box stands: its journal, and when it was not read."""
    from vigie.inbox.intake import journal
    from vigie.inbox.outages import not_read_since, outages

    return {
        **asdict(journal(box)),
        "read_at": box.read_at,
        "not_read_since": not_read_since(box, now=now),
        "failure": box.failure,
        "outages": [
            {"began_at": one.began_at, "ended_at": one.ended_at, "failure": one.failure,
             "fetched": one.fetched}
            for one in outages(box, since=now - LATELY)
        ],
    }  # fmt: skip


def told(name: str, one: Mapping[str, Any], *, zone: ZoneInfo) -> Iterator[Words]:
    """Say how a box stands, in the time of the institution."""
    yield _(
        "{box}: {seen} seen = {kept} kept + {duplicate} duplicate + {refused} refused + "
        "{ignored} ignored; {waiting} payloads wait.",
        box=name,
        **{key: one[key] for key in
           ("seen", "kept", "duplicate", "refused", "ignored", "waiting")},
    )  # fmt: skip
    if one["not_read_since"]:
        yield _(
            "{box} was not read since {moment}. {why} What comes meanwhile is fetched once it is "
            "read again.",
            box=name,
            moment=one["not_read_since"].astimezone(zone),
            why=(one["failure"] or {}).get(language(), ""),
        )
    for gap in one["outages"]:
        yield plural(
            "{box} was not read from {began} to {ended}, and is caught up with: {count} payload.",
            "{box} was not read from {began} to {ended}, and is caught up with: {count} payloads.",
            count=gap["fetched"],
            box=name,
            began=gap["began_at"].astimezone(zone),
            ended=gap["ended_at"].astimezone(zone),
        )
