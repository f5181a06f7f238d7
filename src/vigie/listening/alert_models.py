"""What is remembered of warning people: how each is told, when, and what was sent."""

from __future__ import annotations

from datetime import time, timedelta

from django.db import models
from django.db.models import F, Q

from vigie.listening.kinds import ALERT_KINDS, ROUNDS, WAYS
from vigie.register.leaving import Leaving, left_once
from vigie.register.models import Person
from vigie.words import LANGUAGES


def _one_of(*names: str) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _known(name: str, values: tuple[str, ...]) -> Q:
    return Q(**{f"{name}__in": values})


class Listener(models.Model):
    """How a person is told: in which language, when, and what they have seen."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="listener")
    language = models.CharField(max_length=2, default="fr", choices=_one_of(*LANGUAGES))
    digest_at = models.TimeField(null=True, blank=True, default=time(7, 30))
    """When the digest leaves in the morning, in the time zone of the installation; none: never."""
    feed_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    """SHA-256 of the secret in the address of their feed."""
    seen_at = models.DateTimeField(null=True, blank=True)
    """When they last looked at what is new."""

    class Meta:
        ordering = ("person_id",)
        constraints = (
            models.CheckConstraint(
                name="listener_language_is_known", condition=_known("language", LANGUAGES)
            ),
            models.UniqueConstraint(
                name="one_listener_a_feed", fields=("feed_digest",), condition=~Q(feed_digest="")
            ),
        )


class Alert(models.Model):
    """When a query warns whom, how, and when it stays silent."""

    query = models.ForeignKey("listening.Query", on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=8, choices=_one_of(*ALERT_KINDS))
    least = models.PositiveIntegerField(null=True, blank=True)
    """Posts from which a count warns."""
    within = models.DurationField(null=True, blank=True)
    """The time in which they are counted."""
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="alerts")
    deputy = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts_as_deputy"
    )
    """Who is told when the person read nothing, twice."""
    by_mail = models.BooleanField(default=True)
    by_feed = models.BooleanField(default=False)
    webhook = models.TextField(blank=True, default="")
    """Address that is called; empty: none."""
    cool_down = models.DurationField(default=timedelta(hours=6))
    """After a message the same alert is silent for so long."""
    quiet_from = models.TimeField(null=True, blank=True, default=time(20))
    quiet_until = models.TimeField(null=True, blank=True, default=time(7))
    """Silence between the two, in the time zone of the installation."""
    is_urgent_heard = models.BooleanField(default=True)
    """What is urgent passes through the silence."""
    is_on = models.BooleanField(default=True)
    since = models.DateTimeField()
    """Nothing that was published before warns."""

    class Meta:
        ordering = ("query_id", "id")
        constraints = (
            models.UniqueConstraint(
                name="alert_once",
                fields=("query", "kind", "person", "least", "within"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="alert_kind_is_known", condition=_known("kind", ALERT_KINDS)
            ),
            models.CheckConstraint(
                name="alert_count_is_whole",
                condition=Q(kind="count", least__gte=1, within__gt=timedelta(0))
                | (~Q(kind="count") & Q(least__isnull=True, within__isnull=True)),
            ),
            models.CheckConstraint(
                name="alert_has_a_way", condition=Q(by_mail=True) | Q(by_feed=True) | ~Q(webhook="")
            ),
            models.CheckConstraint(
                name="alert_deputy_is_someone_else",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
            ),
            models.CheckConstraint(
                name="alert_silence_is_whole",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
            models.CheckConstraint(
                name="alert_cool_down_is_not_negative", condition=Q(cool_down__gte=timedelta(0))
            ),
        )


class AlertSent(models.Model):
    """Something an alert warned of: kept, so that each is told once."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="sent")
    occasion = models.CharField(max_length=200)
    """What it warned of: ``spike:2026-11-25``, ``urgent:bluesky:at://…``, ``count:…``."""
    facts = models.JSONField(default=dict, blank=True)
    """What is said of it."""
    is_urgent = models.BooleanField(default=False)
    decided_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.TextField(blank=True, default="")
    repeated_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-decided_at", "-id")
        constraints = (
            models.UniqueConstraint(name="alert_sent_once", fields=("alert", "occasion")),
            models.CheckConstraint(
                name="alert_is_escalated_after_it_was_repeated",
                condition=Q(escalated_at__isnull=True)
                | Q(repeated_at__isnull=False, escalated_at__gte=F("repeated_at")),
            ),
            models.CheckConstraint(
                name="alert_is_repeated_after_it_was_decided",
                condition=Q(repeated_at__isnull=True) | Q(repeated_at__gte=F("decided_at")),
            ),
        )
        indexes = (models.Index(fields=("read_at", "decided_at"), name="alert_sent_unread"),)


class AlertMessage(Leaving):
    """One message of an alert to one person by one way."""

    sent = models.ForeignKey(AlertSent, on_delete=models.CASCADE, related_name="messages")
    way = models.CharField(max_length=8, choices=_one_of(*WAYS))
    round = models.CharField(max_length=8, choices=_one_of(*ROUNDS))
    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="alert_messages")

    class Meta:
        ordering = ("id",)
        constraints = (
            *left_once("alert_message"),
            models.UniqueConstraint(
                name="alert_message_once", fields=("sent", "way", "round", "to")
            ),
            models.CheckConstraint(name="alert_way_is_known", condition=_known("way", WAYS)),
            models.CheckConstraint(name="alert_round_is_known", condition=_known("round", ROUNDS)),
        )


class Digest(Leaving):
    """What is new, told to a person in the morning of a day."""

    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = (
            *left_once("digest"),
            models.UniqueConstraint(name="one_digest_a_day", fields=("to", "day")),
        )
