"""What do people say of the answers they got?"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox.figure_asked import NOBODYS, Asked
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
    today = datetime.now(UTC).astimezone(settings.CONFIGURED.zone).date()
    asked = Asked.read(request.GET.dict(), today=today)
    score = number(request.GET.get("score", ""))
    rows = Satisfaction.objects.filter(
        conversation__in=visible(seeing).order_by().values("pk"),
        score__isnull=False,
        conversation__opened_at__date__gte=asked.since,
    ).select_related("conversation__service", "conversation__contact")
    if asked.service == NOBODYS:
        rows = rows.filter(conversation__service__isnull=True)
    elif asked.service:
        rows = rows.filter(conversation__service__slug=asked.service)
    if score in SCORES:
        rows = rows.filter(score=score)
    total = rows.count()
    shown = {
        "rows": rows.order_by("-answered_at", "-pk")[:MOST],
        "total": total,
        "most": MOST,
        "asked": asked,
        "scores": SCORES,
        "score": score,
        "services": services_seen(seeing),
        "figures": f"{asked.figures()}#satisfaction",
    }
    response = render(request, "inbox/opinions.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response
