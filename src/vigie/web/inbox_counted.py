"""The conversations of the inbox as plain rows, of those a reader may see figures of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from django.conf import settings

from vigie.inbox.models import Conversation
from vigie.inbox.owing import terms
from vigie.inbox.tables import Count, Counted
from vigie.inbox.visible import Eyes, visible


def counted(eyes: Eyes, *, since: date, now: datetime) -> Counted:
    """Return the conversations since a day as rows, each under its own number.

    A conversation one was called into is seen, but makes no figure of the service it belongs to.
    """
    zone = settings.CONFIGURED.zone
    opened = datetime.combine(since, time(0), zone)
    rows = visible(replace(eyes, person=None), Conversation.objects.filter(opened_at__gte=opened))
    return Count(terms=terms(zone=zone, now=now), name=str).of(rows, with_responses=False)
