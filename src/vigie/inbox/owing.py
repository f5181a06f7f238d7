"""What a conversation is owed, and by when: the target in service hours, the network's window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import SimpleLazyObject

from vigie.inbox.calendars import holiday_region, public_holidays
from vigie.inbox.channel import Channel, Window, known_channels
from vigie.inbox.clock import Period, ServiceHours, Span, always, due, elapsed
from vigie.inbox.models import Closure, Conversation, Hours, Target
from vigie.register.models import Institution, Service

YEARS = 3
"""Years of holidays that hours know, from the one before the present on."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The hours and targets of every service, read once for many conversations."""

    zone: ZoneInfo
    now: datetime
    hours: Mapping[int, ServiceHours] = field(default_factory=dict)
    targets: Sequence[Target] = ()

    def hours_of(self, service: int | None) -> ServiceHours:
        """Return the hours of a service; where nobody set any, every hour counts."""
        return self.hours.get(service or 0) or always(self.zone)

    def target_of(self, conversation: Conversation, channel: str) -> Target | None:
        """Return the narrowest target that fits: service first, then channel, then urgency."""
        return self.narrowest(
            service=conversation.service_id, channel=channel, urgency=conversation.urgency
        )

    def narrowest(self, *, service: int | None, channel: str, urgency: str) -> Target | None:
        """Return the target of what a service is asked by a channel, this urgent."""
        fitting = [
            target
            for target in self.targets
            if target.service_id in (None, service)
            and target.channel in ("", channel)
            and target.urgency in ("", urgency)
        ]
        return max(fitting, key=_narrowness, default=None)


def _narrowness(target: Target) -> tuple[bool, bool, bool]:
    return target.service_id is not None, bool(target.channel), bool(target.urgency)


def terms(*, zone: ZoneInfo, now: datetime) -> Terms:
    """Return the hours, closures and targets of every service, read when first gone by.

    Most pages only show what follows from them, which is kept.
    """
    hours: Any = SimpleLazyObject(partial(_hours, zone=zone, now=now))
    targets: Any = SimpleLazyObject(lambda: tuple(Target.objects.all()))
    return Terms(zone=zone, now=now, hours=hours, targets=targets)


def _hours(*, zone: ZoneInfo, now: datetime) -> Mapping[int, ServiceHours]:
    closures = list(Closure.objects.filter(ends_at__gt=now - timedelta(days=366)))
    rows = Hours.objects.select_related("service__institution")
    hours = {row.service_id: hours_of(row, closures, zone=zone, now=now) for row in rows}
    return hours | _open_otherwise(closures, zone=zone)


def _open_otherwise(closures: Sequence[Closure], *, zone: ZoneInfo) -> dict[int, ServiceHours]:
    """Return the hours of services that keep none, and are closed on some days all the same."""
    if not closures:
        return {}
    rows = Service.objects.filter(hours__isnull=True).select_related("institution")
    known = {row.pk: (row, _own(row, closures)) for row in rows}
    return {
        key: replace(always(zone_of(row, zone)), closures=own)
        for key, (row, own) in known.items()
        if own
    }


def hours_of(
    row: Hours, closures: Iterable[Closure], *, zone: ZoneInfo, now: datetime
) -> ServiceHours:
    """Return the hours of a service with its holidays and closures."""
    service = row.service
    return ServiceHours(
        zone=zone_of(service, zone),
        week=week_of(row.week),
        holidays=_holidays(service, now) if row.keeps_holidays else frozenset(),
        closures=_own(service, closures),
    )


def _own(service: Service, closures: Iterable[Closure]) -> tuple[Span, ...]:
    """Return when a service is closed: by itself, or with its whole institution."""
    own = (
        (closure.starts_at, closure.ends_at)
        for closure in closures
        if closure.institution_id == service.institution_id
        and closure.service_id in (None, service.pk)
    )
    return tuple(sorted(own))


def zone_of(service: Service, zone: ZoneInfo) -> ZoneInfo:
    """Return the time zone of a service: its own, its institution's, or that of the site."""
    named = service.timezone or service.institution.timezone
    return ZoneInfo(named) if named else zone


def week_of(kept: dict[str, list[list[str]]]) -> tuple[tuple[Period, ...], ...]:
    """Return a week as it is kept, as periods."""
    return tuple(
        tuple(
            sorted(
                Period(starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))
                for starts, ends in kept.get(str(day), [])
            )
        )
        for day in range(7)
    )


def _holidays(service: Service, now: datetime) -> frozenset[date]:
    years = tuple(range(now.year - 1, now.year - 1 + YEARS))
    country, region = place_of(service.institution)
    return public_holidays(country, region, years)


def place_of(institution: Institution) -> tuple[str, str]:
    """Return the country and the region whose holidays an institution keeps."""
    country = institution.country or ""
    return country, holiday_region(country, institution.region or "", institution.uai or "")


def is_owed(conversation: Conversation) -> bool:
    """Whether somebody waits for us: what came last was not answered, and it is not closed."""
    if conversation.state in ("closed", "unwanted"):
        return False
    answered = conversation.outgoing_at
    return answered is None or conversation.incoming_at > answered


def settle(conversation: Conversation, terms: Terms) -> None:
    """Work out anew when an answer is due and until when the network takes one; saves nothing."""
    conversation.due_at = conversation.window_until = conversation.expires_at = None
    if not is_owed(conversation):
        return
    target = terms.target_of(conversation, conversation.box.channel)
    if target is not None:
        owed = timedelta(minutes=target.response_minutes)
        hours = terms.hours_of(conversation.service_id)
        conversation.due_at = due(hours, conversation.asked_at, owed)
    conversation.window_until = window_end(conversation, now=terms.now)
    ends = [end for end in (conversation.due_at, conversation.window_until) if end is not None]
    conversation.expires_at = min(ends, default=None)


def recount(conversation: Conversation, terms: Terms) -> None:
    """Work out from its messages who waits for whom, after an answer did not happen; saves nothing.

    Reopens what only waited because of that answer.
    """
    said = conversation.messages.filter(
        direction="out", is_automatic=False, state__in=("due", "sending", "sent")
    )
    moments = list(said.order_by("said_at").values_list("said_at", flat=True))
    conversation.answered_at = moments[0] if moments else None
    conversation.outgoing_at = moments[-1] if moments else None
    if not moments:
        conversation.response_minutes = None
    if conversation.state == "waiting" and is_owed(conversation):
        conversation.state = "open"
    settle(conversation, terms)


def window_end(conversation: Conversation, *, now: datetime) -> datetime | None:
    """Return when the network stops taking an answer; none where it never does."""
    return window_of(conversation, now=now).until


def window_of(conversation: Conversation, *, now: datetime) -> Window:
    """Return how long the network takes an answer, by which rule, and what else can be done."""
    box = conversation.answers_by
    member = known_channels().get(box.channel)
    if member is None:
        return Window()
    channel = _plain(member, box.address, tuple(sorted(box.options.items())))
    return channel.window(last_incoming=conversation.incoming_at, now=now)


@lru_cache(maxsize=256)
def _plain(member: type[Channel], address: str, options: tuple[tuple[str, str], ...]) -> Channel:
    """Return a channel without its secrets: its window does not depend on them."""
    return member(dict(options), address=address)


def minutes_between(
    hours: ServiceHours, start: datetime, end: datetime, *, pauses: Sequence[Span] = ()
) -> int:
    """Return the whole minutes of service hours between two moments, pauses left out."""
    passed = elapsed(hours, start, end)
    for early, late in pauses:
        passed -= elapsed(hours, max(early, start), min(late, end))
    return int(passed / timedelta(minutes=1))
