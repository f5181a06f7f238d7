"""Shows the form of a rule, and what it would have done with the past."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.errors import ForbiddenError
from vigie.inbox.changes import Hand
from vigie.inbox.models import Rule
from vigie.inbox.rule_changes import Wanted
from vigie.inbox.rule_trial import Tried, try_rule
from vigie.inbox.understanding import by_rules
from vigie.measure.uncertainty import wilson_of
from vigie.register.models import Institution, Service
from vigie.register.rights import CHANGE_INBOX
from vigie.web import rule_form
from vigie.words import Words, _

KEPT = _("The rule is kept, and off. See its trial, then switch it on.")
DAYS = (30, 90, 365)
"""How far back a rule may be tried."""


def tried(request: HttpRequest, rule: Rule, hand: Hand) -> Tried:
    """Try a rule on past conversations."""
    return try_rule(rule, hand.eyes, understand=by_rules, now=hand.now, days=days(request))


def days(request: HttpRequest) -> int:
    """Return how far back is looked."""
    asked = request.POST.get("days") or request.GET.get("days", "")
    return int(asked) if asked in [str(one) for one in DAYS] else DAYS[0]


def shown(
    request: HttpRequest,
    institution: Institution,
    hand: Hand,
    *,
    rule: Rule | None,
    wanted: Wanted | None = None,
    mistake: Words | None = None,
) -> HttpResponseBase:
    """Show the form as it was entered, or as the rule is kept."""
    if rule is None and not hand.eyes.author.may(CHANGE_INBOX):
        raise ForbiddenError(_("An editor of the site makes rules. Ask one, or ask for that role."))
    held = wanted.conditions if wanted else rule.conditions if rule else []
    first, others = rule_form.asked(held, institution)
    found = tried(request, rule, hand) if rule is not None else None
    services = {row.pk: row for row in Service.objects.filter(institution=institution)}
    content = {
        "institution": institution,
        "rule": rule,
        "sentence": rule_form.sentence(rule, rule_form.names_of(institution)) if rule else None,
        "first": first,
        "others": others,
        "others_open": any(chosen for one in others for _value, _words, chosen in one.choices),
        "name": wanted.name if wanted else rule.name if rule else "",
        "chosen": _chosen(wanted, rule),
        "urgency": wanted.urgency if wanted else rule.urgency if rule else "",
        "services": [row for row in services.values() if row.is_active],
        "tried": found,
        "share": _share(found),
        "differing": [(row, services.get(key)) for row, key in found.differing] if found else [],
        "days": days(request),
        "days_offered": DAYS,
        "may_keep": hand.eyes.author.may(CHANGE_INBOX),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/rule.html", content, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _chosen(wanted: Wanted | None, rule: Rule | None) -> int | None:
    if wanted is not None:
        return wanted.service.pk if wanted.service else None
    return rule.service_id if rule else None


def _share(found: Tried | None) -> tuple[float, float, float] | None:
    """Return the share that went where people sent it, with its interval; of none, nothing."""
    if found is None or not found.trial.total:
        return None
    share = found.trial.agreed / found.trial.total
    return (share, *wilson_of(share, found.trial.total))
