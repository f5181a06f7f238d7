"""How far a stream was read, and how far to read now: from the newest back to what is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.collect.connector import Page, Stream


@dataclass(frozen=True, kw_only=True)
class Position:
    """How far one stream of one account was read."""

    complete_from: datetime | None = None
    complete_to: datetime | None = None
    """Everything published between the two was seen."""
    walk: Walk | None = None
    """A walk that was cut short: it goes on where it stopped."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """For conditional requests; those of the last walk that ended."""
    metrics: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    """Of posts that are asked about one by one, at the last whole look."""

    def as_json(self) -> str:
        """Write what is not in columns of its own."""
        walk = self.walk
        said = {
            "validators": dict(self.validators),
            **({"metrics": dict(self.metrics)} if self.metrics else {}),
            "walk": walk
            and {
                "top": walk.top.isoformat(),
                "floor": walk.floor and walk.floor.isoformat(),
                "since": walk.since and walk.since.isoformat(),
                "one_in": walk.one_in,
                "page": walk.page,
                "validators": dict(walk.validators),
            },
        }
        return json.dumps(said, sort_keys=True)

    @classmethod
    def read(
        cls, text: str, *, complete_from: datetime | None, complete_to: datetime | None
    ) -> Position:
        """Read what was written; a position that cannot be read begins anew."""
        try:
            said = json.loads(text)
            walk = said["walk"] and Walk(
                top=datetime.fromisoformat(said["walk"]["top"]),
                floor=_moment(said["walk"]["floor"]),
                page=said["walk"]["page"],
                since=_moment(said["walk"].get("since")),
                one_in=said["walk"].get("one_in", 1),
                validators=said["walk"]["validators"],
                is_resumed=True,
            )
            validators = said["validators"]
            metrics = said.get("metrics", {})
        except (ValueError, KeyError, TypeError):
            return cls()
        return cls(
            complete_from=complete_from,
            complete_to=complete_to,
            walk=walk,
            validators=validators,
            metrics=metrics,
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One reading of a stream, from its newest page back to a floor."""

    top: datetime
    """When it began: everything published before is before it."""
    floor: datetime | None
    """How far back it goes; none: to the end."""
    page: str | None = None
    """The page to ask for next."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """Of its first page."""
    is_resumed: bool = False
    """What came before was read in an earlier run."""
    since: datetime | None = None
    """What it reads stands for everything since; none: for itself."""
    one_in: int = 1
    """Of so many minutes since then one is read: the latest."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far back to read: what was asked for, and what the settings say."""

    since: datetime | None
    """Asked for by a person: reads at least that far."""
    backfill: timedelta
    """For an account that was never read."""
    relook: timedelta
    """Read again at every run: counts grow, posts are edited and taken down."""


def begin(
    position: Position,
    stream: Stream,
    reach: Reach,
    *,
    now: datetime,
    newest: datetime | None = None,
    one_in: int = 1,
) -> Walk:
    """Return the walk to make: the one that was cut short, or a new one.

    ``newest`` is when the newest known post was published. ``one_in``: only the latest part of
    the time since the last walk is read, and stands for all of it.
    """
    if position.walk is not None and not _lies_ahead(position.walk.floor, now):
        return position.walk
    if not stream.is_dated:
        return Walk(top=now, floor=None)
    read_to = position.complete_to
    if one_in > 1 and read_to is not None and read_to < now:
        return Walk(top=now, floor=now - (now - read_to) / one_in, since=read_to, one_in=one_in)
    return Walk(top=now, floor=_floor(position, reach, now=now, newest=newest))


def _floor(position: Position, reach: Reach, *, now: datetime, newest: datetime | None) -> datetime:
    read_from, read_to = position.complete_from, position.complete_to
    if read_from is None or read_to is None or _lies_ahead(read_from, now):
        return reach.since or now - reach.backfill
    again = _surely_read(read_to, reach, now=now, newest=newest) - reach.relook
    if reach.since is None:
        return again
    return reach.since if reach.since < read_from else min(again, reach.since)


def _lies_ahead(moment: datetime | None, now: datetime) -> bool:
    """Tell whether a moment was noted by a clock that was ahead: nothing can end there."""
    return moment is not None and moment > now


def _surely_read(
    complete_to: datetime, reach: Reach, *, now: datetime, newest: datetime | None
) -> datetime:
    """Return up to when everything was read, whatever our clock said then or says now.

    What lies ahead was written by a clock that was ahead, or is read by one that is behind. The
    newest post we know was dated by its network: what was published before it was read.
    """
    if complete_to <= now:
        return complete_to
    return min(complete_to, newest or now - reach.backfill)


def onward(walk: Walk, page: Page) -> Walk | None:
    """Return the walk after a page; none when it has arrived."""
    is_first = walk.page is None
    validators = page.validators if is_first else walk.validators
    if page.next_page is None or page.next_page == walk.page:
        return None
    if walk.floor is not None and page.oldest is not None and page.oldest < walk.floor:
        return None
    return replace(walk, page=page.next_page, validators=validators)


def arrived(position: Position, walk: Walk, page: Page, stream: Stream) -> Position:
    """Return the position after a walk whose last page this is."""
    validators = page.validators if walk.page is None else walk.validators
    if not stream.is_dated:
        return Position(
            complete_from=walk.top,
            complete_to=walk.top,
            validators=validators,
            metrics=position.metrics,
        )
    reached = walk.since or walk.floor
    if page.next_page is None and not stream.keeps_all:
        # A feed that ends shows only its latest: before its oldest we know nothing.
        reached = max(filter(None, (reached, page.oldest)), default=walk.top)
    is_joined = (
        position.complete_to is not None and reached is not None and reached <= position.complete_to
    )
    oldest = min(filter(None, (reached, position.complete_from)), default=None)
    return Position(
        complete_from=oldest if is_joined else reached,
        complete_to=walk.top,
        validators=validators,
    )


def cut_short(position: Position, walk: Walk, page: Page) -> Position:
    """Return the position after a page, should the walk stop here: the next run goes on there.

    Of an account that was never read before, what lies between its newest post and this page
    was seen.
    """
    resumed = replace(walk, is_resumed=True)
    is_first = position.complete_to in (None, walk.top)
    if not is_first or page.oldest is None:
        return replace(position, walk=resumed)
    oldest = min(filter(None, (page.oldest, position.complete_from)))
    return replace(position, walk=resumed, complete_from=oldest, complete_to=walk.top)


def unchanged(position: Position, walk: Walk) -> Position:
    """Return the position when the network says that nothing changed since the last whole walk."""
    return replace(position, complete_to=walk.top, walk=None)
