"""What do people say of the answers they got?"""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox.counting import total_of, up_to_most
from vigie.inbox.figure_asked import NOBODYS, Asked
from vigie.inbox.listing import Place
from vigie.inbox.models import Satisfaction
from vigie.inbox.visible import visible
from vigie.register.rights import ENTER_INBOX
from vigie.web.inbox_hand import eyes
from vigie.web.inbox_taught import number, services_seen

route = "inbox/opinions/"
permission = ENTER_INBOX

MOST = 100
SCORES = (1, 2, 3, 4, 5)


def page(request: HttpRequest) -> HttpResponseBase:
    """List what people said, the newest first, of the conversations this person may see."""
    seeing = eyes(request)
    zone = settings.CONFIGURED.zone
    today = datetime.now(UTC).astimezone(zone).date()
    asked = Asked.read(request.GET.dict(), today=today)
    score = number(request.GET.get("score", ""))
    rows = Satisfaction.objects.filter(
        Exists(visible(seeing).filter(pk=OuterRef("conversation"))),
        score__isnull=False,
        conversation__opened_at__gte=datetime.combine(asked.since, time(), zone),
    ).select_related("conversation__service", "conversation__contact")
    if asked.service == NOBODYS:
        rows = rows.filter(conversation__service__isnull=True)
    elif asked.service:
        rows = rows.filter(conversation__service__slug=asked.service)
    if score in SCORES:
        rows = rows.filter(score=score)
    after = Place.read(request.GET.get("after", ""))
    found = _page(rows, after)
    shown = {
        "rows": found[:MOST],
        "total": total_of(up_to_most(rows)),
        "is_first": after is None,
        "next_page": str(_place(found[MOST - 1])) if len(found) > MOST else "",
        "asked": asked,
        "scores": SCORES,
        "score": score,
        "services": services_seen(seeing),
        "figures": f"{asked.figures()}#satisfaction",
    }
    response = render(request, "inbox/opinions.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _page(rows: QuerySet[Satisfaction], after: Place | None) -> list[Satisfaction]:
    """Return a page of them, the newest first, and one more where there are further ones."""
    if after is not None and after.at is not None:
        older = Q(answered_at__lt=after.at) | Q(answered_at=after.at, pk__lt=after.key)
        rows = rows.filter(older)
    return list(rows.order_by("-answered_at", "-pk")[: MOST + 1])


def _place(last: Satisfaction) -> Place:
    return Place(at=last.answered_at, key=last.pk)
