"""The forms of closures: one by hand, and those of a calendar, ticked before they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict

from vigie.inbox.calendars import CalendarEvent
from vigie.inbox.hour_changes import MOST_CLOSURES, Closed
from vigie.words import Words, _

DAY = timedelta(days=1)
AHEAD = timedelta(days=2 * 366)
"""How far ahead a calendar is read."""
BAR = "|"
ACADEMIC = "academic calendar"
"""What closures that come from it are known by."""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """An event of a calendar that could be a closure."""

    closed: Closed
    is_ticked: bool
    """A person takes the tick away, or puts it."""

    @property
    def value(self) -> str:
        """All of it, as the tick carries it."""
        one = self.closed
        return BAR.join(
            (
                one.starts_at.isoformat(),
                one.ends_at.isoformat(),
                one.uid.replace(BAR, " "),
                one.name,
            )
        )


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The events of a calendar that lie ahead."""

    source: str
    events: Sequence[Offered]
    total: int
    """All that lie ahead; more than are shown are named by this."""


def offer(
    source: str, events: Iterable[CalendarEvent], *, now: datetime, is_ticked: bool = True
) -> Offer:
    """Return what of a calendar lies ahead, as many as can be kept at once."""
    ahead = [
        Offered(
            closed=Closed(
                name=one.name or source, starts_at=one.starts_at, ends_at=one.ends_at, uid=one.uid
            ),
            is_ticked=is_ticked and one.is_whole_days,
        )
        for one in events
        if one.ends_at > now and one.ends_at > one.starts_at
    ]
    return Offer(source=source, events=ahead[:MOST_CLOSURES], total=len(ahead))


def whole_days(uid: str, name: str, first: date, last: date, *, zone: ZoneInfo) -> CalendarEvent:
    """Return an event that lasts from a day to another."""
    return CalendarEvent(
        uid=uid,
        name=name,
        starts_at=datetime.combine(first, time(0), zone).astimezone(UTC),
        ends_at=datetime.combine(last + DAY, time(0), zone).astimezone(UTC),
        is_whole_days=True,
    )


def ticked(given: QueryDict) -> list[Closed]:
    """Return the events that were ticked; a tick that was tampered with counts for nothing."""
    found = []
    for value in given.getlist("event")[:MOST_CLOSURES]:
        starts, ends, uid, name = (value.split(BAR, 3) + [""] * 4)[:4]
        try:
            moments = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
        except ValueError:
            continue
        if all(one.tzinfo for one in moments):
            found.append(Closed(name=name, starts_at=moments[0], ends_at=moments[1], uid=uid))
    return found


def by_hand(given: Mapping[str, str], zone: ZoneInfo) -> tuple[Closed | None, dict[str, Words]]:
    """Read a closure entered by hand: whole days, or from a time to a time."""
    mistakes: dict[str, Words] = {}
    name = given.get("name", "").strip()
    if not name:
        mistakes["name"] = _("Say why it is closed, in a word: the page shows it.")
    first = _day(given.get("first_day", ""))
    last = _day(given.get("last_day", "")) or first
    if first is None or last is None:
        mistakes["first_day"] = _("Give the first day, as 2026-12-21.")
        return None, mistakes
    try:
        starts, ends = _moments(first, last, given, zone)
    except ValueError:
        mistakes["from_time"] = _("Write times as 08:30.")
        return None, mistakes
    if ends <= starts:
        mistakes["last_day"] = _("A closure ends after it begins.")
    if mistakes:
        return None, mistakes
    return Closed(name=name[:200], starts_at=starts, ends_at=ends), {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _moments(
    first: date, last: date, given: Mapping[str, str], zone: ZoneInfo
) -> tuple[datetime, datetime]:
    opens, shuts = given.get("to_time", "").strip(), given.get("from_time", "").strip()
    starts = datetime.combine(first, time.fromisoformat(shuts) if shuts else time(0), zone)
    if opens:
        return starts, datetime.combine(last, time.fromisoformat(opens), zone)
    return starts, datetime.combine(last + DAY, time(0), zone)
