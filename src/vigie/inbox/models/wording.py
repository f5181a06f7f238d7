"""The words by which a conversation is found."""

from __future__ import annotations

from django.db import models

from vigie.inbox.models.conversations import Conversation


class Wording(models.Model):
    """All words of a conversation, without accents and case: what a search looks through.

    The database keeps an index over it by itself, as it does over any column: see the migration.
    """

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="wording"
    )
    words = models.TextField()
    marks = models.TextField(default="")
    """Its state, kind and service, as words that nobody writes: see ``inbox.marks``."""
