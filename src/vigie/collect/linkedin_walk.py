"""Where a reading of LinkedIn is: whose page, and what earlier answers told that is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from vigie.collect.connector import Ask, Payload
from vigie.collect.nested import Item
from vigie.collect.trail import Trail

LONGEST = timedelta(days=365)
"""How far back LinkedIn keeps figures."""
STEP = timedelta(days=1)
FARTHEST = 1_000_000
"""Places in a list beyond which nobody has posts."""
_NAMED = re.compile(r"urn%3Ali%3Aorganization%3A(\d+)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the name of a page says: the organisation's number, and what was told before."""

    org: str
    told: Item = field(default=Item(None))

    @classmethod
    def of(cls, asked: Ask | Payload) -> Place | None:
        """Return where a question stands; none while the organisation's number is unknown."""
        try:
            told = Item(json.loads(asked.page or "null"))
        except ValueError:
            told = Item(None)
        org = told.name("org") or _org_of(asked)
        return None if org is None else cls(org=org, told=told)

    @property
    def urn(self) -> str:
        """The organisation as LinkedIn names it."""
        return f"urn:li:organization:{self.org}"

    @property
    def start(self) -> int:
        """From which post of the list on."""
        return whole(self.told.at("start")) or 0

    @property
    def trail(self) -> Trail:
        """Where the reading of discussions is."""
        return Trail.read(self.told.name("trail"))

    @property
    def posts(self) -> list[str]:
        """The posts whose figures are read before they are."""
        return [name for one in self.told.at("posts") if (name := one.name())]

    @property
    def waiting(self) -> list[str]:
        """Kinds of posts whose figures are not known yet."""
        return [name for one in self.told.at("waiting") if (name := one.name())]


def _org_of(asked: Ask | Payload) -> str | None:
    """Return the number that the first question of a stream names."""
    if isinstance(asked, Ask):
        return number(asked.subject.identifier)
    found = _NAMED.search(asked.url)
    return found[1] if found else None


def at(org: str, **told: object) -> str:
    """Return the name of a page."""
    known = {name: value for name, value in told.items() if value is not None}
    return json.dumps({"org": org, **known}, separators=(",", ":"))


def number(identifier: str | None) -> str | None:
    """Return an organisation's number; other identifiers of the register are none."""
    found = (identifier or "").rpartition(":")[2]
    return found if found.isascii() and found.isdigit() else None


def whole(found: Item) -> int | None:
    """Return a place in a list; what cannot be one is unknown."""
    value = found.value
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < FARTHEST else None


def onward(body: Item) -> int | None:
    """Return where the next page of a list begins; none: this was the last.

    LinkedIn leaves out what we may not see: a page may hold less than it counts.
    """
    paging, held = body.at("paging"), len(body.at("elements"))
    start, count = whole(paging.at("start")) or 0, whole(paging.at("count")) or held
    links = {link.name("rel") for link in paging.at("links")}
    has_more = "next" in links or (whole(paging.at("total")) or 0) > start + count
    return start + count if has_more and held else None


def days(ask: Ask, now: datetime) -> Mapping[str, Mapping[str, int]]:
    """Return the days that are asked about: whole ones, counted by LinkedIn in UTC."""
    until = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    since = max(ask.since or until - LONGEST, until - LONGEST)
    begin = min(datetime.combine(since.astimezone(UTC).date(), time(), UTC), until - STEP)
    return {"timeRange": {"start": milliseconds(begin), "end": milliseconds(until)}}


def milliseconds(moment: datetime) -> int:
    """Return a moment as LinkedIn writes it."""
    return int(moment.timestamp() * 1000)
