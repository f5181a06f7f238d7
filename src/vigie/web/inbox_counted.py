"""The conversations of the inbox as columns, of those a reader may see figures of."""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Q

from vigie.inbox.message_days import Summed
from vigie.inbox.models import Conversation
from vigie.inbox.owing import terms
from vigie.inbox.rows import Rows
from vigie.inbox.summing import summed, with_messages
from vigie.inbox.visible import Eyes, visible, without_called
from vigie.register.models import Service


def counted(eyes: Eyes, *, since: date, now: datetime, service: Service | None = None) -> Rows:
    """Return the conversations since a day, each under its own number: of one service, or of all.

    A conversation one was called into is seen, but makes no figure of the service it belongs to.
    """
    rows = Conversation.objects.filter(opened_at__gte=_begin(since))
    rows = rows if service is None else rows.filter(service=service)
    return summed(
        visible(without_called(eyes), rows), terms(zone=settings.CONFIGURED.zone, now=now)
    )


def counted_with_messages(eyes: Eyes, *, since: date, now: datetime) -> Summed:
    """Return what ``counted`` does, those too that were closed or written in since that day."""
    begin = _begin(since)
    rows = Conversation.objects.filter(
        Q(opened_at__gte=begin)
        | Q(state="closed", closed_at__gte=begin)
        | Q(incoming_at__gte=begin)
        | Q(outgoing_at__gte=begin)
    )
    return with_messages(
        visible(without_called(eyes), rows), terms(zone=settings.CONFIGURED.zone, now=now)
    )


def _begin(since: date) -> datetime:
    return datetime.combine(since, time(0), settings.CONFIGURED.zone)
