"""How is this channel connected? What it asks for, step by step."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from vigie.errors import ForbiddenError, VigieError
from vigie.inbox.boxes import put_box
from vigie.inbox.channel import Channel, known_channels
from vigie.register.models import Institution, Service
from vigie.register.rights import CONNECT_INBOX
from vigie.web import box_form, inbox_hand, options
from vigie.web.sentences import said
from vigie.words import Words, _

route = "inbox/boxes/connect/<slug:channel>/"
permission = CONNECT_INBOX
methods = ("GET", "HEAD", "POST")


@sensitive_post_parameters()
def page(request: HttpRequest, channel: str) -> HttpResponseBase:
    """Show the form of a channel, or connect a box."""
    member = known_channels().get(channel)
    if member is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, member, {})
    hand = inbox_hand.hand(request)
    wanted, mistakes = box_form.entered(request.POST.dict(), member, None)
    if mistakes or wanted.institution is None:
        return _shown(request, member, mistakes)
    try:
        box = put_box(
            channel,
            institution=wanted.institution,
            label=wanted.label,
            address=wanted.address,
            options=wanted.options,
            settings=settings.CONFIGURED,
            service=wanted.service,
            needs_approval=wanted.needs_approval,
            asks_satisfaction=wanted.asks_satisfaction,
            by=hand.eyes.author,
            now=hand.now,
        )
    except ForbiddenError:
        raise
    except VigieError as error:
        return _shown(request, member, {}, mistake=error.words)
    messages.success(
        request, said(_("{box} is connected. The next turn says whether it works.", box=box.label))
    )
    return redirect("inbox.box", name=box.name)


def _usual() -> dict[str, str]:
    """Return what is most likely: the institution that has a box already, or services."""
    rows = Institution.objects.filter(merged_into__isnull=True, closed_on__isnull=True)
    known = rows.filter(boxes__isnull=False).first() or rows.filter(services__isnull=False).first()
    return {"institution": known.slug} if known else {}


def _shown(
    request: HttpRequest,
    member: type[Channel],
    mistakes: dict[str, Words],
    *,
    mistake: Words | None = None,
) -> HttpResponseBase:
    posted = request.POST.dict() if request.method == "POST" else _usual()
    own, seldom = box_form.fields(member, None, posted)
    content = {
        "has_address": member.has_address,
        "member": {"label": member.label, "webhook": member.webhook},
        "own": own,
        "seldom": seldom,
        "steps": options.steps(member.guide),
        "institutions": Institution.objects.filter(
            merged_into__isnull=True, closed_on__isnull=True
        ),
        "services": Service.objects.filter(is_active=True).select_related("institution"),
        "form": posted,
        "may_connect": True,
        "mistakes": mistakes,
        "mistake": mistake,
    }
    is_wrong = bool(mistake or mistakes)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    response = render(request, "inbox/connect_box.html", content, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
