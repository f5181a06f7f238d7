"""What may leave the inbox: times, services, states, channels. No names of persons, no words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from vigie import model
from vigie.inbox.figures import left_out
from vigie.inbox.models import Conversation, Message
from vigie.inbox.owing import Terms, minutes_between
from vigie.inbox.turns import Said, Turn, pauses_of, turns_of

ANSWERS = frozenset({"due", "sending", "sent"})
"""States of an outgoing message that is an answer: handed in, and not failed since."""
Name = Callable[[int], str]
"""Gives a conversation the pseudonym under which it leaves."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Conversations as plain rows, with their turns."""

    conversations: Sequence[model.Conversation] = ()
    responses: Sequence[model.Response] = ()


@dataclass(frozen=True, kw_only=True)
class Count:
    """Counts conversations at a moment, by the hours and targets that hold then."""

    terms: Terms
    name: Name
    zones: dict[str, ZoneInfo] = field(default_factory=dict)

    def of(self, among: QuerySet[Conversation]) -> Counted:
        """Return the conversations as rows; those merged into another are in that one."""
        chosen = among.filter(merged_into__isnull=True)
        said = dict(_said(chosen))
        rows = chosen.select_related("box__institution", "service__institution", "topic",
                                     "satisfaction")  # fmt: skip
        found, turns = [], []
        for row in rows.order_by("pk"):
            own = said.get(row.pk, [])
            turns += list(self._responses(row, turns_of(own)))
            found.append(self._row(row, own))
        return Counted(conversations=found, responses=turns)

    def _row(self, row: Conversation, said: Sequence[Said]) -> model.Conversation:
        institution, service = row.box.institution, row.service
        target = self.terms.target_of(row, row.box.channel)
        opinion = getattr(row, "satisfaction", None)
        is_closed = row.state == "closed"
        return model.Conversation(
            conversation=self.name(row.pk),
            institution=institution.slug,
            opened_at=row.opened_at,
            opened_on=row.opened_at.astimezone(self._zone(institution.timezone)).date(),
            observed_at=self.terms.now,
            service=None if service is None else service.slug or f"service-{service.pk}",
            office=None if service is None else str(service),
            is_confidential=service is not None and service.is_confidential,
            channel=row.box.channel,
            kind=row.kind,
            language=row.language or None,
            urgency=row.urgency,
            topic=str(row.topic) if row.topic else None,
            state=row.state,
            left_out=left_out(
                kind=row.kind,
                intents=row.intents,
                topic=str(row.topic or ""),
                is_written=any(one.is_incoming for one in said),
            ),
            incoming=sum(one.is_incoming for one in said),
            outgoing=sum(not one.is_incoming for one in said),
            reopened=row.reopened,
            answered_at=row.answered_at,
            closed_at=row.closed_at if is_closed else None,
            waited_minutes=self._waited(row),
            target_minutes=target.response_minutes if target else None,
            lasted_minutes=self._lasted(row, said, is_closed=is_closed),
            is_asked=opinion is not None,
            score=opinion.score if opinion else None,
        )

    def _waited(self, row: Conversation) -> int:
        if row.answered_at is not None and row.response_minutes is not None:
            return row.response_minutes
        end = row.answered_at or self.terms.now
        return minutes_between(self.terms.hours_of(row.service_id), row.opened_at, end)

    def _lasted(self, row: Conversation, said: Sequence[Said], *, is_closed: bool) -> int:
        if is_closed and row.resolution_minutes is not None:
            return row.resolution_minutes
        end = (row.closed_at if is_closed else None) or self.terms.now
        hours = self.terms.hours_of(row.service_id)
        return minutes_between(hours, row.opened_at, end, pauses=pauses_of(said, until=end))

    def _responses(self, row: Conversation, turns: Sequence[Turn]) -> Iterator[model.Response]:
        institution, service = row.box.institution, row.service
        hours = self.terms.hours_of(row.service_id)
        for place, turn in enumerate(turns):
            yield model.Response(
                conversation=self.name(row.pk),
                place=place,
                institution=institution.slug,
                service=None if service is None else service.slug or f"service-{service.pk}",
                channel=row.box.channel,
                kind=row.kind,
                asked_at=turn.asked_at,
                asked_on=turn.asked_at.astimezone(self._zone(institution.timezone)).date(),
                answered_at=turn.answered_at,
                observed_at=self.terms.now,
                waited_minutes=minutes_between(
                    hours, turn.asked_at, turn.answered_at or self.terms.now
                ),
            )

    def _zone(self, named: str | None) -> ZoneInfo:
        return _zone_named(named) if named else self.terms.zone


@lru_cache(maxsize=64)
def _zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _said(among: QuerySet[Conversation]) -> Iterator[tuple[int, list[Said]]]:
    """Yield what was said in each conversation, in order, by persons."""
    rows = Message.objects.filter(conversation__in=among.order_by().values("pk"))
    spoken = rows.filter(is_automatic=False).order_by("conversation_id", "said_at", "id")
    columns = spoken.values_list("conversation_id", "direction", "said_at", "state")
    for key, group in groupby(columns.iterator(chunk_size=5_000), key=itemgetter(0)):
        yield key, list(_answers(group))


def _answers(rows: Iterable[tuple[int, str, datetime, str]]) -> Iterator[Said]:
    for _key, direction, at, state in rows:
        if direction == "in" or state in ANSWERS:
            yield Said(at=at, is_incoming=direction == "in")


def rows(count: Count) -> Mapping[str, Sequence[model.Record]]:
    """Return every row that leaves, by table: whole, so that it replaces what was there."""
    found = count.of(Conversation.objects.all())
    return {"conversations": found.conversations, "responses": found.responses}
