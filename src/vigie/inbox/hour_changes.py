"""What people change in hours, closures and targets: what is due is counted anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.channel import known_channels
from vigie.inbox.clock import Period
from vigie.inbox.keeping import require_keeping, require_keeping_all
from vigie.inbox.models import Closure, Hours, Target
from vigie.inbox.models.choices import URGENCIES
from vigie.inbox.recounting import Anew, count_anew
from vigie.register import log
from vigie.register.models import Institution, Service
from vigie.words import _

MOST_CLOSURES = 300
"""Taken from one calendar at once."""
LONGEST_MINUTES = 60 * 24 * 366
Week = Sequence[Sequence[Period]]


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A time in which nobody answers."""

    name: str
    starts_at: datetime
    ends_at: datetime
    uid: str = ""


def put_hours(service: Service, week: Week | None, *, keeps_holidays: bool, hand: Hand) -> Anew:
    """Keep the hours of a usual week; none: every hour counts. Return what becomes of due times."""
    require_keeping(hand.eyes, service)
    if week is not None and not any(week):
        raise InboxError(
            _("A service that never opens owes nothing. Enter a period, or let every hour count.")
        )
    with transaction.atomic():
        if week is None:
            Hours.objects.filter(service=service).delete()
        else:
            given = {
                "week": kept_week(week), "keeps_holidays": keeps_holidays, "changed_at": hand.now,
            }  # fmt: skip
            Hours.objects.update_or_create(service=service, defaults=given)
        _note("inbox.hours", service, hand, week=kept_week(week or ()), holidays=keeps_holidays)
        return count_anew(hand.terms.zone, hand.now, service=service)


def kept_week(week: Week) -> dict[str, list[list[str]]]:
    """Return a week as it is kept; days without periods are left out."""
    return {
        str(day): [[f"{one.starts:%H:%M}", f"{one.ends:%H:%M}"] for one in sorted(periods)]
        for day, periods in enumerate(week)
        if periods
    }


def close(
    institution: Institution,
    service: Service | None,
    closures: Sequence[Closed],
    *,
    source: str = "",
    hand: Hand,
) -> Anew:
    """Close a service, or every service of an institution, for some times.

    What was read before from the same calendar and lies ahead is replaced. Return what
    becomes of due times.
    """
    _require_over(service, hand)
    _require_sound(closures)
    with transaction.atomic():
        if source:
            Closure.objects.filter(
                institution=institution, service=service, source=source, ends_at__gt=hand.now
            ).delete()
        Closure.objects.bulk_create(
            Closure(
                institution=institution,
                service=service,
                name=one.name.strip()[:200],
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                source=source,
                uid=one.uid[:500],
            )
            for one in closures
        )
        _note("inbox.close_days", service or institution, hand,
              count=len(closures), source=source)  # fmt: skip
        return count_anew(hand.terms.zone, hand.now, service=service, institution=institution)


def _require_sound(closures: Sequence[Closed]) -> None:
    if len(closures) > MOST_CLOSURES:
        raise InboxError(
            _("Take at most {count} closures from a calendar at once.", count=MOST_CLOSURES)
        )
    if any(one.ends_at <= one.starts_at for one in closures):
        raise InboxError(_("A closure ends after it begins."))
    if any(not one.name.strip() for one in closures):
        raise InboxError(_("Say why it is closed, in a word: the page shows it."))


def reopen(closure: Closure, *, hand: Hand) -> Anew:
    """Take a closure out: the service answers then after all."""
    _require_over(closure.service, hand)
    with transaction.atomic():
        service, institution = closure.service, closure.institution
        closure.delete()
        _note("inbox.open_days", service or institution, hand, name=closure.name)
        return count_anew(hand.terms.zone, hand.now, service=service, institution=institution)


def put_target(
    service: Service | None,
    *,
    channel: str,
    urgency: str,
    response_minutes: int,
    resolution_minutes: int | None = None,
    hand: Hand,
) -> Anew:
    """Say how soon an answer is owed: of one service or of all, by channel and urgency."""
    _require_over(service, hand)
    if channel and channel not in known_channels():
        raise InboxError(_("There is no such channel. Choose one of the list."))
    if urgency and urgency not in URGENCIES:
        raise InboxError(_("There is no such urgency. Choose one of the list."))
    for minutes in (response_minutes, resolution_minutes or 1):
        if not 0 < minutes <= LONGEST_MINUTES:
            raise InboxError(_("A target lies between a minute and a year of service hours."))
    with transaction.atomic():
        given = {"response_minutes": response_minutes, "resolution_minutes": resolution_minutes}
        Target.objects.update_or_create(
            service=service, channel=channel, urgency=urgency, defaults=given
        )
        _note("inbox.target", service, hand, channel=channel, urgency=urgency, **given)
        return count_anew(hand.terms.zone, hand.now, service=service)


def erase_target(target: Target, *, hand: Hand) -> Anew:
    """Take a target out: the next wider one counts then, if there is one."""
    _require_over(target.service, hand)
    with transaction.atomic():
        service = target.service
        _note("inbox.target_off", service, hand, channel=target.channel, urgency=target.urgency)
        target.delete()
        return count_anew(hand.terms.zone, hand.now, service=service)


def _require_over(service: Service | None, hand: Hand) -> None:
    if service is None:
        require_keeping_all(hand.eyes)
    else:
        require_keeping(hand.eyes, service)


def _note(action: str, subject: Service | Institution | None, hand: Hand, **facts: object) -> None:
    named = f"service {subject.name}" if isinstance(subject, Service) else str(subject or "all")
    log.write([log.Change(action=action, subject=named, facts=facts)], by=hand.eyes.author,
              at=hand.now)  # fmt: skip
