"""The conversations of the inbox as plain rows, of those a reader may see figures of."""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Q

from vigie.inbox.models import Conversation
from vigie.inbox.owing import terms
from vigie.inbox.tables import Count, Counted
from vigie.inbox.visible import Eyes, visible, without_called


def counted(eyes: Eyes, *, since: date, now: datetime, and_closed: bool = False) -> Counted:
    """Return the conversations since a day as rows, each under its own number.

    With ``and_closed`` those too that came before it and were closed since.
    A conversation one was called into is seen, but makes no figure of the service it belongs to.
    """
    zone = settings.CONFIGURED.zone
    opened = datetime.combine(since, time(0), zone)
    meant = Q(opened_at__gte=opened)
    if and_closed:
        meant |= Q(state="closed", closed_at__gte=opened)
    rows = visible(without_called(eyes), Conversation.objects.filter(meant))
    return Count(terms=terms(zone=zone, now=now), name=str).of(rows, with_responses=False)
