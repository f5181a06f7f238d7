"""By which rules do conversations find their service, and how often is the classifier right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.inbox import rule_changes
from vigie.inbox.models import Rule
from vigie.inbox.rule_trial import MOST_JUDGED, record_of
from vigie.register.models import Institution
from vigie.register.rights import CHANGE_INBOX, ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.rule_form import names_of, sentence
from vigie.web.sentences import said
from vigie.web.service_acts import number
from vigie.words import Words, _

route = "inbox/rules/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

RECORD = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The rules of one institution, in their order."""

    institution: Institution
    rows: Sequence[tuple[Rule, Words]]


def page(request: HttpRequest) -> HttpResponseBase:
    """List the rules, or change their order, switch one off, take one out."""
    return _do(request) if request.method == "POST" else _shown(request)


def _do(request: HttpRequest) -> HttpResponseBase:
    hand = inbox_hand.hand(request)
    rule = Rule.objects.select_related("institution").filter(pk=number(request, "rule")).first()
    what = request.POST.get("do", "")
    if rule is None or what not in ("up", "down", "off", "erase"):
        raise Http404
    if what in ("up", "down"):
        rule_changes.move(rule, by=-1 if what == "up" else 1, hand=hand)
        words = _("The order is changed: the first rule that fits counts.")
    elif what == "off":
        rule_changes.switch_off(rule, hand=hand)
        words = _("The rule “{name}” no longer counts.", name=rule.name)
    else:
        rule_changes.erase(rule, hand=hand)
        words = _("The rule “{name}” is gone. What it sent stays where it is.", name=rule.name)
    messages.success(request, said(words))
    return redirect("inbox.rules")


def _shown(request: HttpRequest) -> HttpResponseBase:
    seeing = inbox_hand.eyes(request)
    asked = request.GET.get("erase", "")
    rules = list(Rule.objects.select_related("institution", "service"))
    shown = {
        "groups": _groups(rules),
        "on": sum(rule.is_on for rule in rules),
        "total": len(rules),
        "erase": next((rule for rule in rules if str(rule.pk) == asked), None),
        "record": record_of(seeing, since=datetime.now(UTC) - RECORD),
        "record_days": RECORD.days,
        "most_judged": MOST_JUDGED,
        "may_keep": seeing.author.may(CHANGE_INBOX),
    }
    response = render(request, "inbox/rules.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _groups(rules: Sequence[Rule]) -> list[Group]:
    """Return the rules by institution; one with services and no rule yet has its place too."""
    rows = Institution.objects.filter(Q(services__isnull=False) | Q(rules__isnull=False))
    groups = []
    for institution in rows.distinct():
        names = names_of(institution)
        own = [rule for rule in rules if rule.institution == institution]
        groups.append(
            Group(institution=institution, rows=[(rule, sentence(rule, names)) for rule in own])
        )
    return groups
