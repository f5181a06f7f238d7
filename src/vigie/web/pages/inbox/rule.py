"""What does this rule say, and what would it have done with past conversations?"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import rule_changes
from vigie.inbox.changes import Hand
from vigie.inbox.models import Rule
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand, rule_form, rule_page
from vigie.web.sentences import said
from vigie.words import _

route = "inbox/rules/<int:number>/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show a rule with its trial, change it, or switch it on."""
    rule = Rule.objects.select_related("institution", "service").filter(pk=number).first()
    if rule is None:
        raise Http404
    hand = inbox_hand.hand(request)
    if request.method != "POST":
        return rule_page.shown(request, rule.institution, hand, rule=rule)
    if request.POST.get("do") == "on":
        return _switch_on(request, rule, hand)
    wanted = rule_form.entered(request.POST, rule.institution)
    try:
        rule_changes.put_rule(rule.institution, wanted, hand=hand, rule=rule)
    except ForbiddenError:
        raise
    except InboxError as error:
        kept = Rule.objects.select_related("institution", "service").get(pk=number)
        return rule_page.shown(
            request, kept.institution, hand, rule=kept, wanted=wanted, mistake=error.words
        )
    messages.success(request, said(rule_page.KEPT))
    return redirect("inbox.rule", number=number)


def _switch_on(request: HttpRequest, rule: Rule, hand: Hand) -> HttpResponseBase:
    try:
        rule_changes.switch_on(rule, rule_page.tried(request, rule, hand), hand=hand)
    except ForbiddenError:
        raise
    except InboxError as error:
        return rule_page.shown(request, rule.institution, hand, rule=rule, mistake=error.words)
    messages.success(request, said(_("The rule “{name}” counts from now on.", name=rule.name)))
    return redirect("inbox.rules")
