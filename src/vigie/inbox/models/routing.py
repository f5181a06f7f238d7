"""How a conversation finds the office that can answer, and how that office answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vigie.inbox.models.conversations import Conversation
from vigie.inbox.models.telling import Mailing
from vigie.register.models import Institution, Person, Service


class Topic(models.Model):
    """What a conversation is about, chosen by a person from the service's list."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="topics")
    name = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("service_id", "name")
        constraints = (models.UniqueConstraint(name="topic_once", fields=("service", "name")),)

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """Where conversations of some kind go, in an order a person can read."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="rules")
    place = models.PositiveIntegerField()
    name = models.TextField()
    conditions = models.JSONField()
    """All must hold: ``[{"field": "intent", "is": ["question"]}, …]`` (see ``inbox.routing``)."""
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="rules")
    urgency = models.CharField(max_length=8, blank=True, default="")
    """What it makes the conversation; empty: as it is."""
    is_on = models.BooleanField(default=False)
    tried = models.JSONField(default=dict, blank=True)
    """How it did on past conversations the last time it was tried."""

    class Meta:
        ordering = ("institution_id", "place", "id")


class Capacity(models.Model):
    """How many open conversations a person carries for a service at once."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="capacities")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="capacities")
    most = models.PositiveSmallIntegerField()
    """None: away just now, and nothing goes there."""

    class Meta:
        ordering = ("service_id", "person_id")
        constraints = (models.UniqueConstraint(name="capacity_once", fields=("service", "person")),)


class CapacityInAll(models.Model):
    """How many open conversations a person carries at once over all services together."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="capacity_in_all")
    most = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="capacity_in_all_is_some", condition=Q(most__gt=0)),
        )


class Suggestion(models.Model):
    """What the classifier thinks of a conversation that no rule sent anywhere."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="suggestion"
    )
    services = models.JSONField()
    """The two likeliest, each ``[service key, certainty]``; none: it cannot say."""
    annotator = models.TextField()
    chosen = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL)
    """Where a person sent it: what the classifier is taught."""
    at = models.DateTimeField()


class SavedReply(models.Model):
    """Prepared wording, in each language it was prepared in."""

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_replies"
    )
    """Unknown: every service."""
    title = models.TextField()
    words = models.JSONField()
    """Language → wording, with placeholders as ``{name}``."""
    used = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("title", "id")


class AnswerLink(models.Model):
    """A link in a mail that lets one person answer one conversation for a while, nothing else."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="answer_links"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="answer_links")
    mailing = models.ForeignKey(
        Mailing, null=True, blank=True, on_delete=models.SET_NULL, related_name="links"
    )
    """The mail that carries it."""
    nonce = models.CharField(max_length=32, blank=True, default="")
    """What the token is made of, with a key of the site: only the site can write the mail anew."""
    digest = models.CharField(max_length=64, unique=True)
    """Of the token; the token itself is only in the mail."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mail_key = models.TextField(blank=True, default="", db_index=True)
    """Message-ID of the mail: a reply to it is an answer too."""
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index(
                fields=("expires_at",),
                name="answer_link_open",
                condition=Q(revoked_at__isnull=True),
            ),
        )
