"""How long words are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vigie.inbox.models.choices import KINDS, one_of
from vigie.register.models import Service


class Retention(models.Model):
    """How long the words of a closed conversation are kept; the narrowest that fits counts."""

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="retentions"
    )
    """Unknown: every service, and what nobody owned."""
    kind = models.CharField(max_length=8, blank=True, default="", choices=one_of("", *KINDS))
    """Empty: however people wrote."""
    months = models.PositiveSmallIntegerField()
    """Since it was closed."""
    is_on = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("service_id", "kind")
        constraints = (
            models.CheckConstraint(name="retention_lasts", condition=Q(months__gt=0)),
            models.UniqueConstraint(
                name="retention_once",
                fields=("service", "kind"),
                condition=Q(service__isnull=False),
            ),
            models.UniqueConstraint(
                name="retention_once_for_all",
                fields=("kind",),
                condition=Q(service__isnull=True),
            ),
        )
