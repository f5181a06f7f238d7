"""Where should conversations of some kind go? A new rule."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import rule_changes
from vigie.register.models import Institution
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand, rule_form, rule_page
from vigie.web.sentences import said

route = "inbox/rules/new/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponseBase:
    """Show an empty form, or keep what was entered: off, until it is tried."""
    institution, hand = _institution(request), inbox_hand.hand(request)
    if request.method != "POST":
        return rule_page.shown(request, institution, hand, rule=None)
    wanted = rule_form.entered(request.POST, institution)
    try:
        made = rule_changes.put_rule(institution, wanted, hand=hand)
    except ForbiddenError:
        raise
    except InboxError as error:
        return rule_page.shown(
            request, institution, hand, rule=None, wanted=wanted, mistake=error.words
        )
    messages.success(request, said(rule_page.KEPT))
    return redirect("inbox.rule", number=made.pk)


def _institution(request: HttpRequest) -> Institution:
    """Return the institution a rule is made for: the one named, or the first that has services."""
    rows = Institution.objects.filter(services__isnull=False).distinct().order_by("pk")
    asked = request.GET.get("institution", "")
    found = rows.filter(slug=asked).first() if asked else rows.first()
    if found is None:
        raise Http404
    return found
