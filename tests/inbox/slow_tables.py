"""What leaves the inbox, counted one conversation after the other: what columns must say too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tests.inbox.slow_turns import Said, Turn, pauses_of, taken_down, turns_of
from vigie import model
from vigie.columns import records_of
from vigie.inbox.figures import left_out
from vigie.inbox.models import Box, Conversation, Message, Satisfaction, Topic
from vigie.inbox.owing import Terms, minutes_between
from vigie.inbox.said_columns import ANSWERS
from vigie.inbox.tables import Name, tables
from vigie.register.models import Service

COLUMNS = (
    "box_id", "kind", "language", "intents", "urgency", "state", "service_id", "topic_id",
    "opened_at", "answered_at", "closed_at", "reopened", "response_minutes", "resolution_minutes",
)  # fmt: skip
"""What is read of a conversation: not its subject, not who wrote."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Conversations as plain rows, with their turns."""

    conversations: Sequence[model.Conversation] = ()
    responses: Sequence[model.Response] = ()
    message_days: Sequence[model.MessageDay] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What many conversations share, read once."""

    boxes: Mapping[int, Box]
    services: Mapping[int, Service]
    topics: Mapping[int, str]
    scores: Mapping[int, int | None]
    """Of each conversation that was asked how satisfied it left someone."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """Counts conversations at a moment, by the hours and targets that hold then."""

    terms: Terms
    name: Name
    targets: dict[tuple[int | None, str, str], int | None] = field(default_factory=dict)

    def of(self, among: QuerySet[Conversation], *, with_responses: bool = True) -> Counted:
        """Return the conversations as rows; those merged into another are in that one."""
        chosen = among.filter(merged_into__isnull=True)
        said, known = dict(_said(chosen)), _known(chosen)
        found: list[model.Conversation] = []
        turns: list[model.Response] = []
        days: Counter[tuple[date, str, str | None, str, str | None, bool]] = Counter()
        for row in chosen.only(*COLUMNS).order_by("pk").iterator(chunk_size=2_000):
            own = said.get(row.pk, [])
            found.append(self._row(row, own, known))
            days.update(self._days(found[-1], row, own, known))
            if with_responses:
                turns += self._responses(found[-1], row, turns_of(own), known)
        return Counted(conversations=found, responses=turns, message_days=_day_by_day(days))

    def _days(
        self, of: model.Conversation, row: Conversation, said: Sequence[Said], known: Known
    ) -> Iterator[tuple[date, str, str | None, str, str | None, bool]]:
        zone = self._zone(known.boxes[row.box_id].institution.timezone)
        for one in said if of.left_out is None else ():
            day = one.at.astimezone(zone).date()
            yield day, of.institution, of.service, of.channel, of.topic, one.is_incoming

    def _row(self, row: Conversation, said: Sequence[Said], known: Known) -> model.Conversation:
        box, service = known.boxes[row.box_id], known.services.get(row.service_id or 0)
        until = taken_down(said) or self.terms.now
        topic, is_closed = known.topics.get(row.topic_id or 0), row.state == "closed"
        zone = self._zone(box.institution.timezone)
        closed_at = row.closed_at if is_closed else None
        return model.Conversation(
            conversation=self.name(row.pk),
            institution=box.institution.slug,
            opened_at=row.opened_at,
            opened_on=row.opened_at.astimezone(zone).date(),
            observed_at=until,
            service=None if service is None else service.slug or f"service-{service.pk}",
            office=None if service is None else str(service),
            is_confidential=service is not None and service.is_confidential,
            channel=box.channel,
            kind=row.kind,
            language=row.language or None,
            urgency=row.urgency,
            topic=topic,
            state=row.state,
            left_out=left_out(
                kind=row.kind,
                intents=row.intents,
                topic=topic or "",
                is_unwanted=row.state == "unwanted",
                is_written=any(one.is_incoming for one in said),
            ),
            incoming=sum(one.is_incoming for one in said),
            outgoing=sum(not one.is_incoming for one in said),
            reopened=row.reopened,
            answered_at=row.answered_at,
            closed_at=closed_at,
            closed_on=None if closed_at is None else closed_at.astimezone(zone).date(),
            waited_minutes=self._waited(row, until),
            target_minutes=self._target(row, box.channel),
            lasted_minutes=self._lasted(row, said, is_closed=is_closed),
            is_asked=row.pk in known.scores,
            score=known.scores.get(row.pk),
        )

    def _target(self, row: Conversation, channel: str) -> int | None:
        asked = row.service_id, channel, row.urgency
        if asked not in self.targets:
            found = self.terms.target_of(row, channel)
            self.targets[asked] = found.response_minutes if found else None
        return self.targets[asked]

    def _waited(self, row: Conversation, until: datetime) -> int:
        if row.answered_at is not None and row.response_minutes is not None:
            return row.response_minutes
        end = row.answered_at or until
        return minutes_between(self.terms.hours_of(row.service_id), row.opened_at, end)

    def _lasted(self, row: Conversation, said: Sequence[Said], *, is_closed: bool) -> int:
        if is_closed and row.resolution_minutes is not None:
            return row.resolution_minutes
        end = (row.closed_at if is_closed else None) or self.terms.now
        hours = self.terms.hours_of(row.service_id)
        return minutes_between(hours, row.opened_at, end, pauses=pauses_of(said, until=end))

    def _responses(
        self, of: model.Conversation, row: Conversation, turns: Sequence[Turn], known: Known
    ) -> Iterator[model.Response]:
        hours = self.terms.hours_of(row.service_id)
        zone = self._zone(known.boxes[row.box_id].institution.timezone)
        for place, turn in enumerate(turns):
            yield model.Response(
                conversation=of.conversation,
                place=place,
                institution=of.institution,
                service=of.service,
                channel=of.channel,
                kind=of.kind,
                asked_at=turn.asked_at,
                asked_on=turn.asked_at.astimezone(zone).date(),
                answered_at=turn.answered_at,
                observed_at=self.terms.now,
                waited_minutes=minutes_between(
                    hours, turn.asked_at, turn.answered_at or self.terms.now
                ),
            )

    def _zone(self, named: str | None) -> ZoneInfo:
        return _zone_named(named) if named else self.terms.zone


def _day_by_day(
    counts: Mapping[tuple[date, str, str | None, str, str | None, bool], int],
) -> list[model.MessageDay]:
    return [
        model.MessageDay(
            day=day, institution=institution, service=service, channel=channel, topic=topic,
            incoming=counts.get((*key, True), 0), outgoing=counts.get((*key, False), 0),
        )
        for key in dict.fromkeys(found[:-1] for found in counts)
        for day, institution, service, channel, topic in [key]
    ]  # fmt: skip


@lru_cache(maxsize=64)
def _zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _known(among: QuerySet[Conversation]) -> Known:
    asked = Satisfaction.objects.filter(conversation__in=among.order_by().values("pk"))
    return Known(
        boxes=Box.objects.select_related("institution").in_bulk(),
        services=Service.objects.in_bulk(),
        topics=dict(Topic.objects.values_list("pk", "name")),
        scores=dict(asked.values_list("conversation_id", "score")),
    )


def _said(among: QuerySet[Conversation]) -> Iterator[tuple[int, list[Said]]]:
    """Yield what was said in each conversation, in order, by persons."""
    rows = Message.objects.filter(conversation__in=among.order_by().values("pk"))
    spoken = rows.filter(is_automatic=False).order_by("conversation_id", "said_at", "id")
    columns = spoken.values_list("conversation_id", "direction", "said_at", "state", "changed_at")
    for key, group in groupby(columns.iterator(chunk_size=5_000), key=itemgetter(0)):
        yield key, list(_answers(group))


def _answers(
    rows: Iterable[tuple[int, str, datetime, str, datetime | None]],
) -> Iterator[Said]:
    for _key, direction, at, state, changed_at in rows:
        if direction == "in" or state in ANSWERS:
            gone_at = changed_at if state == "withdrawn" else None
            yield Said(at=at, is_incoming=direction == "in", gone_at=gone_at)


def left(among: QuerySet[Conversation], *, terms: Terms, name: Name = str) -> Counted:
    """Return what really leaves, as rows."""
    found = tables(among, terms=terms, name=name)
    return Counted(
        conversations=records_of(model.Conversation, found["conversations"]),
        responses=records_of(model.Response, found["responses"]),
        message_days=records_of(model.MessageDay, found["message_days"]),
    )
