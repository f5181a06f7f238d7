"""Looks at what happened for every alert, decides what to say, and writes it down to be sent.

Written by workers, so not in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.db import transaction

from vigie.listening.alerting import Decision, Rule, Warned, decide
from vigie.listening.models import Alert, AlertMessage, AlertSent
from vigie.listening.watching import LOOK_BACK, MOST_POSTS, Seen
from vigie.register.models import Person

KEPT_FOR = timedelta(days=14)
"""Warnings older than that are not repeated any more, and what they were about is over."""

Look = Callable[[Alert, Sequence[Warned]], Iterable[Seen]]
"""What happened that an alert may speak of."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What was decided."""

    warned: int = 0
    repeated: int = 0
    escalated: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            warned=self.warned + other.warned,
            repeated=self.repeated + other.repeated,
            escalated=self.escalated + other.escalated,
        )


def consider_all(look: Look, *, now: datetime, zone: tzinfo) -> Counts:
    """Decide for every alert that is on, of a query that is on."""
    alerts = Alert.objects.filter(is_on=True, query__is_on=True)
    counts = Counts()
    for alert in alerts.select_related("query", "person", "deputy").order_by("id"):
        counts += consider(alert, look, now=now, zone=zone)
    return counts


def consider(alert: Alert, look: Look, *, now: datetime, zone: tzinfo) -> Counts:
    """Decide for one alert, and write down what is to be sent."""
    kept = AlertSent.objects.filter(alert=alert, decided_at__gte=now - KEPT_FOR)
    warned = [_warned(row) for row in kept]
    seen = {one.occasion.key: one for one in look(alert, warned)}
    occasions = [one.occasion for one in seen.values()]
    decision = decide(rule_of(alert), occasions, warned, now=now, zone=zone)
    _note(alert, decision, seen, now=now)
    return Counts(
        warned=int(bool(decision.warn)),
        repeated=len(decision.repeat),
        escalated=len(decision.escalate),
    )


def rule_of(alert: Alert) -> Rule:
    """Return how an alert is to speak."""
    return Rule(
        cool_down=alert.cool_down,
        quiet_from=alert.quiet_from,
        quiet_until=alert.quiet_until,
        is_urgent_heard=alert.is_urgent_heard,
        has_deputy=alert.deputy_id is not None,
    )


def since_of(alert: Alert, *, now: datetime) -> datetime:
    """Return from when on what was published may warn."""
    return max(alert.since, now - LOOK_BACK)


def _warned(row: AlertSent) -> Warned:
    return Warned(
        number=row.pk,
        keys=frozenset(row.facts.get("keys", [row.occasion])),
        decided_at=row.decided_at,
        is_urgent=row.is_urgent,
        read_at=row.read_at,
        repeated_at=row.repeated_at,
        escalated_at=row.escalated_at,
    )


def _note(alert: Alert, decision: Decision, seen: dict[str, Seen], *, now: datetime) -> None:
    """Write a decision down with the messages it takes: all of it, or nothing."""
    with transaction.atomic():
        if decision.warn:
            said = [seen[one.key] for one in decision.warn]
            row = AlertSent.objects.create(
                alert=alert,
                occasion=decision.warn[0].key,
                facts=_facts(said),
                is_urgent=any(one.is_urgent for one in decision.warn),
                decided_at=now,
            )
            _messages(row, alert.person, "first", ways_of(alert))
        for number in decision.repeat:
            AlertSent.objects.filter(pk=number).update(repeated_at=now)
            _messages(AlertSent(pk=number), alert.person, "repeat", ways_of(alert))
        for number in decision.escalate:
            AlertSent.objects.filter(pk=number).update(escalated_at=now)
            if alert.deputy is not None:
                _messages(AlertSent(pk=number), alert.deputy, "deputy", ways_of(alert))


def ways_of(alert: Alert) -> list[str]:
    """Return the ways by which an alert is sent; the feed is read, not sent."""
    return [*(["mail"] if alert.by_mail else []), *(["webhook"] if alert.webhook else [])]


def _messages(row: AlertSent, to: Person, which: str, ways: Iterable[str]) -> None:
    for way in ways:
        AlertMessage.objects.get_or_create(sent_id=row.pk, way=way, round=which, to=to)


def _facts(said: Sequence[Seen]) -> dict[str, object]:
    posts = [post for one in said for post in one.posts]
    facts: dict[str, object] = {}
    for one in said:
        facts |= one.facts
    return {
        "count": len(posts),
        **facts,
        "keys": [one.occasion.key for one in said],
        "posts": posts[:MOST_POSTS],
    }
