"""How many conversations there are, kept by the database as they change."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """Conversations of a service, state and kind that were added or taken away; their sum counts.

    Written by the database itself whenever a conversation changes (``inbox.in_step``), in the same
    transaction: a list of any length says its total without being counted. Over PostgreSQL every
    change is a row of its own, so that nobody waits for another's; ``tallying.gather`` sums them.
    Merged conversations are not counted.
    """

    service = models.BigIntegerField()
    """The key of the service; 0: nobody owns them."""
    state = models.CharField(max_length=8)
    kind = models.CharField(max_length=8)
    count = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("service", "state", "kind"), name="tally_by_service"),)
