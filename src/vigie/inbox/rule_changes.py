"""What people change in rules: their conditions, their order, and which of them count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.keeping import require_keeping_all
from vigie.inbox.models import Rule
from vigie.inbox.models.choices import URGENCIES
from vigie.inbox.routing import understood
from vigie.inbox.rule_trial import Tried
from vigie.register import log
from vigie.register.models import Institution, Service
from vigie.words import _

LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A rule as it is wanted."""

    name: str
    conditions: Sequence[Mapping[str, object]]
    service: Service | None
    urgency: str = ""


def put_rule(
    institution: Institution, wanted: Wanted, *, hand: Hand, rule: Rule | None = None
) -> Rule:
    """Add a rule at the end, or change one: it is off until it is tried and switched on again."""
    require_keeping_all(hand.eyes)
    name = " ".join(wanted.name.split())[:LONGEST_NAME]
    if not name:
        raise InboxError(_("A rule needs a name: conversations say by which one they came."))
    if wanted.service is None or wanted.service.institution_id != institution.pk:
        raise InboxError(_("Say to which service the rule sends."))
    if wanted.urgency and wanted.urgency not in URGENCIES:
        raise InboxError(_("There is no such urgency. Choose one of the list."))
    understood(wanted.conditions)
    with transaction.atomic():
        row = rule or Rule(institution=institution, place=_last(institution) + 1)
        row.name, row.conditions = name, [dict(one) for one in wanted.conditions]
        row.service, row.urgency = wanted.service, wanted.urgency
        row.is_on, row.tried = False, {}
        row.save()
        _note("inbox.rule", row, hand, conditions=row.conditions, service=wanted.service.name)
    return row


def _last(institution: Institution) -> int:
    found = Rule.objects.filter(institution=institution).aggregate(last=Max("place"))["last"]
    return -1 if found is None else int(found)


def move(rule: Rule, *, by: int, hand: Hand) -> bool:
    """Put a rule before the one before it (-1), or after the one after it (1); whether it moved."""
    require_keeping_all(hand.eyes)
    with transaction.atomic():
        rows = list(Rule.objects.select_for_update().filter(institution=rule.institution_id))
        here = next(place for place, row in enumerate(rows) if row.pk == rule.pk)
        there = here + by
        if not 0 <= there < len(rows):
            return False
        rows[here], rows[there] = rows[there], rows[here]
        for place, row in enumerate(rows):
            row.place = place
        Rule.objects.bulk_update(rows, ["place"])
        _note("inbox.rule_order", rule, hand, place=there + 1)
    return True


def switch_on(rule: Rule, tried: Tried, *, hand: Hand) -> None:
    """Let a rule count from now on; what it would have done with the past is kept beside it."""
    require_keeping_all(hand.eyes)
    if not rule.service.is_active:
        raise InboxError(_("{service} rests. Choose another service.", service=str(rule.service)))
    with transaction.atomic():
        rule.is_on = True
        rule.tried = {
            "at": hand.now.isoformat(), "days": tried.days,
            "total": tried.trial.total, "agreed": tried.trial.agreed,
        }  # fmt: skip
        rule.save(update_fields=["is_on", "tried"])
        _note("inbox.rule_on", rule, hand, **rule.tried)


def switch_off(rule: Rule, *, hand: Hand) -> None:
    """Let a rule rest: what it sent stays where it is."""
    require_keeping_all(hand.eyes)
    with transaction.atomic():
        rule.is_on = False
        rule.save(update_fields=["is_on"])
        _note("inbox.rule_off", rule, hand)


def erase(rule: Rule, *, hand: Hand) -> None:
    """Take a rule out."""
    require_keeping_all(hand.eyes)
    with transaction.atomic():
        _note("inbox.rule_erase", rule, hand, conditions=rule.conditions)
        rule.delete()


def _note(action: str, rule: Rule, hand: Hand, **facts: object) -> None:
    change = log.Change(action=action, subject=f"rule {rule.name}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)
