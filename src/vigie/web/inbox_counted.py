"""The conversations of the inbox as columns, of those a reader may see figures of."""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Q

from vigie.inbox.models import Conversation
from vigie.inbox.owing import terms
from vigie.inbox.rows import Rows
from vigie.inbox.summing import summed
from vigie.inbox.visible import Eyes, visible, without_called
from vigie.register.models import Service


def counted(
    eyes: Eyes,
    *,
    since: date,
    now: datetime,
    and_closed: bool = False,
    service: Service | None = None,
) -> Rows:
    """Return the conversations since a day, each under its own number: of one service, or of all.

    With ``and_closed`` those too that came before it and were closed since.
    A conversation one was called into is seen, but makes no figure of the service it belongs to.
    """
    zone = settings.CONFIGURED.zone
    opened = datetime.combine(since, time(0), zone)
    meant = Q(opened_at__gte=opened)
    if and_closed:
        meant |= Q(state="closed", closed_at__gte=opened)
    rows = Conversation.objects.filter(meant)
    rows = rows if service is None else rows.filter(service=service)
    return summed(visible(without_called(eyes), rows), terms(zone=zone, now=now))
