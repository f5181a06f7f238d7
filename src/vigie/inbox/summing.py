"""Conversations of the inbox as columns, with what was said in them summed: what figures need.

What figures are made of, and what leaves (``tables``): of very many at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import QuerySet

from vigie.inbox.clock import elapsed_each, local_days
from vigie.inbox.figures import left_out
from vigie.inbox.joined_columns import Reading, columns_of, moments, whole, words
from vigie.inbox.message_days import MessageDays, Summed
from vigie.inbox.models import Box, Conversation, Satisfaction, Topic
from vigie.inbox.owing import Terms
from vigie.inbox.rows import UNKNOWN, Days, Flags, Ints, Moments, Named, Office, Rows
from vigie.inbox.said_columns import NOT_A_TIME, SaidColumns, said_in
from vigie.register.models import Service

MINUTE = 60_000_000
"""Microseconds."""
MOST_CODES = 1_000_000
READ: Mapping[str, Reading] = {
    "id": whole, "box_id": whole, "kind": words, "intents": words, "urgency": words,
    "state": words, "service_id": whole, "topic_id": whole, "opened_at": moments,
    "answered_at": moments, "closed_at": moments, "reopened": whole, "response_minutes": whole,
    "resolution_minutes": whole,
}  # fmt: skip
"""What is read of a conversation: not its subject, not who wrote."""


def with_messages(among: QuerySet[Conversation], terms: Terms) -> Summed:
    """Return these conversations as ``summed`` does, with the messages of each day."""
    sums = sums_of(among, terms)
    rows = sums.rows()
    return Summed(rows=rows, messages=sums.message_days(rows))


def summed(among: QuerySet[Conversation], terms: Terms) -> Rows:
    """Return these conversations in the order of their numbers; merged ones are in the other."""
    return sums_of(among, terms).rows()


def sums_of(among: QuerySet[Conversation], terms: Terms, **more: Reading) -> Sums:
    """Read these conversations, with more columns of them where more are wanted."""
    found = columns_of(among.filter(merged_into__isnull=True).order_by("pk"), **READ, **more)
    return Sums(found=found, said=said_in(found["id"]), terms=terms)


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What was read of conversations, and what follows from it."""

    found: Mapping[str, Any]
    said: SaidColumns
    terms: Terms

    def rows(self) -> Rows:
        """Return them in the order of their numbers."""
        found, offices = self.found, _offices()
        is_asked, score = _scores(found["id"])
        return Rows(
            key=found["id"],
            opened_at=found["opened_at"],
            opened_on=self.days(found["opened_at"]),
            observed_at=self.until,
            answered_at=found["answered_at"],
            is_closed=~np.isnat(self.closed_at),
            closed_on=self.days(self.closed_at),
            service=each(lambda pk: offices[pk][0] if pk in offices else None,
                          found["service_id"]),
            channel=each(lambda box: self.boxes[box].channel, found["box_id"]),
            topic=each(dict(Topic.objects.values_list("pk", "name")).get, found["topic_id"]),
            left_out=self._left_out(),
            incoming=self.said.incoming(),
            outgoing=self.said.outgoing(),
            reopened=found["reopened"],
            waited=self._waited(),
            target=self._target(),
            lasted=self._lasted(),
            is_asked=is_asked,
            score=score,
            offices=dict(offices.values()),
        )  # fmt: skip

    @cached_property
    def boxes(self) -> Mapping[int, Box]:
        """Return every box with its institution."""
        return Box.objects.select_related("institution").in_bulk()

    @cached_property
    def institutions(self) -> Named:
        """Return the institution of each."""
        return each(lambda box: self.boxes[box].institution.slug, self.found["box_id"])

    @cached_property
    def closed_at(self) -> Moments:
        """Return when each was closed that is closed now."""
        is_closed = self.found["state"].among({"closed"})
        return np.where(is_closed, self.found["closed_at"], NOT_A_TIME)

    @cached_property
    def until(self) -> Moments:
        """Until when each was followed: who took a question down waits no longer."""
        gone = self.said.taken_down()
        return np.where(np.isnat(gone), self.now, gone)

    @property
    def now(self) -> np.datetime64:
        """Return the moment at which all is counted."""
        return np.datetime64(self.terms.now.replace(tzinfo=None), "us")

    def days(self, at: Moments, *, of: Ints | slice = slice(None)) -> Days:
        """Return the day of each moment in the time zone of the institution."""
        days = np.full(len(at), "NaT", dtype="datetime64[D]")
        zone = each(lambda box: self.boxes[box].institution.timezone, self.found["box_id"])[of]
        for code, name in enumerate(zone.names):
            chosen = (zone.codes == code) & ~np.isnat(at)
            local = ZoneInfo(name) if name else self.terms.zone
            days[chosen] = local_days(local, at[chosen].astype(np.int64))
        return days

    def message_days(self, rows: Rows) -> MessageDays:
        """Return what was written in them, day by day; ``rows`` are theirs."""
        counts = rows.asks[self.said.of]
        of = self.said.of[counts]
        days = self.days(self.said.at[counts], of=of).astype(np.int64)
        first = int(days.min()) if len(days) else 0
        names = (self.institutions, rows.service, rows.channel, rows.topic)
        sizes = (int(days.max(initial=first)) - first + 1, *(len(one.names) for one in names))
        codes = np.ravel_multi_index((days - first, *(one.codes[of] for one in names)), sizes)
        different, group = _different(codes)
        day, *parts = np.unravel_index(different, sizes)
        institution, service, channel, topic = (
            Named(codes=part, names=one.names) for part, one in zip(parts, names, strict=True)
        )
        is_in = self.said.is_in[counts]
        incoming, outgoing = (
            np.bincount(group[side], minlength=len(different)).astype(np.int64)
            for side in (is_in, ~is_in)
        )
        return MessageDays(
            day=(day + first).astype("datetime64[D]"), institution=institution, service=service,
            channel=channel, topic=topic, incoming=incoming, outgoing=outgoing,
        )  # fmt: skip

    def _left_out(self) -> Named:
        topics = dict(Topic.objects.values_list("pk", "name"))

        def decide(kind: str, told: str, topic: int, state: str, is_written: int) -> str | None:
            return left_out(
                kind=kind,
                intents=json.loads(told),
                topic=topics.get(topic, ""),
                is_unwanted=state == "unwanted",
                is_written=bool(is_written),
            )

        columns = (self.found[name] for name in ("kind", "intents", "topic_id", "state"))
        return each(decide, *columns, (self.said.incoming() > 0).astype(np.int64))

    def _target(self) -> Ints:
        def owed(service: int, box: int, urgency: str) -> str | None:
            channel, known = self.boxes[box].channel, None if service == UNKNOWN else service
            found = self.terms.narrowest(service=known, channel=channel, urgency=urgency)
            return str(found.response_minutes) if found else None

        of = each(owed, *(self.found[name] for name in ("service_id", "box_id", "urgency")))
        return np.array([UNKNOWN if one is None else int(one) for one in of.names])[of.codes]

    def _waited(self) -> Ints:
        answered, known = self.found["answered_at"], self.found["response_minutes"]
        is_known = ~np.isnat(answered) & (known != UNKNOWN)
        ends = np.where(np.isnat(answered), self.until, answered)
        passed = self.elapsed(~is_known, self.found["opened_at"], ends)
        return np.where(is_known, known, passed // MINUTE)

    def _lasted(self) -> Ints:
        known, opened = self.found["resolution_minutes"], self.found["opened_at"]
        is_known = self.found["state"].among({"closed"}) & (known != UNKNOWN)
        ends = np.where(np.isnat(self.closed_at), self.now, self.closed_at)
        passed = self.elapsed(~is_known, opened, ends)
        of, early, late = self.said.pauses(ends)
        counts = ~is_known[of]
        of, early, late = of[counts], early[counts], late[counts]
        early, late = np.maximum(early, opened[of]), np.minimum(late, ends[of])
        paused = self.elapsed(np.ones(len(of), dtype=np.bool_), early, late, of=of)
        np.subtract.at(passed, of, paused)
        return np.where(is_known, known, passed // MINUTE)

    def elapsed(
        self, chosen: Flags, starts: Moments, ends: Moments, *, of: Ints | slice = slice(None)
    ) -> Ints:
        """Return the service hours of each conversation between two moments, where chosen."""
        services, passed = self.found["service_id"][of], np.zeros(len(starts), dtype=np.int64)
        for service in np.unique(services[chosen]).tolist():
            these = chosen & (services == service)
            hours = self.terms.hours_of(None if service == UNKNOWN else service)
            passed[these] = elapsed_each(
                hours, starts[these].astype(np.int64), ends[these].astype(np.int64)
            )
        return passed


def _offices() -> dict[int, tuple[str, Office]]:
    return {
        row.pk: (row.slug or f"service-{row.pk}",
                 Office(name=str(row), is_confidential=row.is_confidential))
        for row in Service.objects.all()
    }  # fmt: skip


def _scores(keys: Ints) -> tuple[Flags, Ints]:
    """Return which were asked how satisfied they are, and what they said."""
    asked = Satisfaction.objects.order_by("conversation_id")
    if len(keys):
        asked = asked.filter(conversation_id__gte=int(keys[0]), conversation_id__lte=int(keys[-1]))
    found = columns_of(asked, conversation_id=whole, score=whole)
    is_asked = np.isin(keys, found["conversation_id"], assume_unique=True)
    score, meant = np.full(len(keys), UNKNOWN), np.isin(found["conversation_id"], keys)
    score[is_asked] = found["score"][meant]
    return is_asked, score


def each(decide: Callable[..., str | None], *columns: Named | Ints) -> Named:
    """Decide of each row by its columns, once for each different row of these."""
    parts = [_coded(column) for column in columns]
    sizes = tuple(max(len(values), 1) for _codes, values in parts)
    codes = np.ravel_multi_index(tuple(codes for codes, _values in parts), sizes)
    different, of = _different(codes)
    found = [
        decide(*(values[place] for (_codes, values), place in zip(parts, places, strict=True)))
        for places in zip(*np.unravel_index(different, sizes), strict=True)
    ]
    names = tuple(dict.fromkeys(found)) or (None,)
    place = np.array([names.index(name) for name in found], dtype=np.int64)
    return Named(codes=place[of], names=names)


def _coded(column: Named | Ints) -> tuple[Ints, tuple[Any, ...]]:
    if isinstance(column, Named):
        return column.codes, column.names
    values, codes = _different(column - UNKNOWN)
    return codes, tuple((values + UNKNOWN).tolist())


def _different(codes: Ints) -> tuple[Ints, Ints]:
    """Return the different codes in order, and which of them each is: without sorting if few."""
    size = int(codes.max(initial=0)) + 1
    if size > MOST_CODES:
        return np.unique(codes, return_inverse=True)
    is_there = np.bincount(codes, minlength=size) > 0
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[codes]
