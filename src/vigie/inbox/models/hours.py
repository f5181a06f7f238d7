"""When a service answers, and how soon it should."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from vigie.inbox.models.choices import URGENCIES, one_of
from vigie.register.models import Institution, Service


class Hours(models.Model):
    """The hours of a service in a usual week; several periods a day."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="hours")
    week = models.JSONField()
    """Day of the week (``0`` is Monday) → periods, pairs of local times as ``["08:30", "12:00"]``;
    a period that ends at or before its start goes past midnight."""
    keeps_holidays = models.BooleanField(default=True)
    """Closed on the public holidays of its institution's country and region."""
    changed_at = models.DateTimeField()


class Closure(models.Model):
    """Days, or part of one, on which a service or a whole institution does not answer."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="closures")
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="closures"
    )
    """Unknown: every service of the institution."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    name = models.TextField()
    source = models.TextField(blank=True, default="")
    """The calendar it was read from; empty: entered by hand."""
    uid = models.TextField(blank=True, default="")
    """Its identifier there."""

    class Meta:
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(name="closure_lasts", condition=Q(ends_at__gt=F("starts_at"))),
        )


class Target(models.Model):
    """How soon an answer is owed, in minutes of service hours; the narrowest that fits counts."""

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="targets"
    )
    """Unknown: every service."""
    channel = models.CharField(max_length=32, blank=True, default="")
    """Empty: every channel."""
    urgency = models.CharField(max_length=8, blank=True, default="", choices=one_of("", *URGENCIES))
    response_minutes = models.PositiveIntegerField()
    resolution_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("service_id", "channel", "urgency")
        constraints = (
            models.UniqueConstraint(
                name="target_once",
                fields=("service", "channel", "urgency"),
                condition=Q(service__isnull=False),
            ),
            models.UniqueConstraint(
                name="target_once_for_all",
                fields=("channel", "urgency"),
                condition=Q(service__isnull=True),
            ),
        )


class Recount(models.Model):
    """Hours, closures or a target were changed: due times that the worker counts anew."""

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="recounts"
    )
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.CASCADE, related_name="recounts"
    )
    """Unknown, as the service: every one."""
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    """How many conversations there were to count."""
    done = models.PositiveIntegerField(default=0)
    after = models.BigIntegerField(default=0)
    """The last conversation that was counted anew."""

    class Meta:
        ordering = ("asked_at", "id")
