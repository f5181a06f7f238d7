"""Whose hand is at work in the inbox: eyes, person, the moment, the hours and targets."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest

from vigie.inbox.changes import Hand
from vigie.inbox.models import Conversation
from vigie.inbox.owing import terms
from vigie.inbox.visible import Eyes, eyes_of, visible
from vigie.register.people import person_behind
from vigie.web.people import author_of


def eyes(request: HttpRequest) -> Eyes:
    """Return through whose eyes the inbox is seen."""
    return eyes_of(person_behind(request.user), author_of(request))


def hand(request: HttpRequest) -> Hand:
    """Return whose hand makes a change, now."""
    person = person_behind(request.user)
    seeing = eyes_of(person, author_of(request))
    known = terms(zone=settings.CONFIGURED.zone, now=datetime.now(UTC))
    return Hand(eyes=seeing, terms=known, person=person)


def conversation(seeing: Eyes, number: int) -> Conversation:
    """Return a conversation these eyes may see; any other is not found, which says nothing."""
    rows = visible(seeing).select_related("box", "service", "contact", "person", "topic")
    found = next(iter(rows.filter(pk=number)), None)
    if found is None:
        raise Http404
    return found
