"""Gives the store the plain rows of the inbox: times and services, no person, no word."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from vigie import flow
from vigie.collect.pseudonyms import pseudonyms
from vigie.secret import kept_secret
from vigie.settings import Settings
from vigie.store.store import Store

KEY = "inbox-key"
"""The file of the key that conversations are renamed with."""


def keep_inbox(store: Store, *, settings: Settings, now: datetime) -> int:
    """Write the tables of the inbox over those the store had; return how many conversations."""
    from vigie.inbox.models import Conversation
    from vigie.inbox.owing import terms
    from vigie.inbox.tables import tables

    pseudonym = partial(pseudonyms(kept_secret(settings.home, KEY)), "inbox")
    found = tables(
        Conversation.objects.all(),
        terms=terms(zone=settings.zone, now=now),
        name=lambda number: pseudonym(str(number)),
    )
    flow.keep_tables(store, found)
    return len(found["conversations"])
