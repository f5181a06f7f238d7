"""Messages in and out, and what hangs on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vigie.inbox.models.arriving import Arrival, Box
from vigie.inbox.models.choices import DIRECTIONS, MESSAGE_STATES, known, one_of
from vigie.inbox.models.contacts import Handle
from vigie.inbox.models.conversations import Conversation
from vigie.register.models import Person


class Message(models.Model):
    """One utterance, incoming or outgoing."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="messages")
    """Where it came in or goes out: a merged conversation may hold messages of two."""
    direction = models.CharField(max_length=3, choices=one_of(*DIRECTIONS))
    key = models.CharField(max_length=512)
    """The channel's own identifier; of a message that is not sent yet, the one we chose: sending it
    twice under the same key is sending it once."""
    external = models.TextField(blank=True, default="")
    """The network's identifier of what was sent, once it confirmed."""
    answers_to = models.TextField(blank=True, default="")
    """The key of the message it answers."""
    handle = models.ForeignKey(
        Handle, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    """Who wrote it; unknown: one of us, or someone erased. Of an answer, whom it goes to where that
    is not who wrote last."""
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    """Which of us wrote it; unknown: it came, or the network's own page was used."""
    words = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")
    is_automatic = models.BooleanField(default=False)
    """A greeting, an out-of-office answer, a bot: it neither stops nor starts a clock."""
    said_at = models.DateTimeField()
    """When it was written, as the network says; for an outgoing one when it was handed in."""
    received_at = models.DateTimeField()
    arrival = models.ForeignKey(Arrival, null=True, blank=True, on_delete=models.SET_NULL)
    facts = models.JSONField(default=dict, blank=True)
    """What sending an answer to it needs, as the channel said."""
    is_withdrawn = models.BooleanField(default=False)
    """Its words are gone: its author took it down (then its state says so), or was erased."""
    edited_at = models.DateTimeField(null=True, blank=True)
    """The last time its author changed it, as the network says; unknown: never."""
    changed_at = models.DateTimeField(null=True, blank=True)
    """When we learnt that its words are others now, or gone; unknown: they are as they came."""

    state = models.CharField(max_length=9, choices=one_of(*MESSAGE_STATES))
    approved_by = models.TextField(blank=True, default="")
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    """When the network confirmed it."""
    failure = models.JSONField(null=True, blank=True)
    """Why it could not be sent and what to do instead, by language; of one that was sent, that it
    has not arrived yet."""

    class Meta:
        ordering = ("said_at", "id")
        constraints = (
            models.UniqueConstraint(name="message_once", fields=("box", "key")),
            known("message_state_is_known", "state", MESSAGE_STATES),
            models.CheckConstraint(
                name="incoming_is_received",
                condition=Q(direction="in", state__in=("received", "withdrawn"))
                | (Q(direction="out") & ~Q(state="received")),
            ),
            models.CheckConstraint(
                name="sent_is_confirmed", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        )
        indexes = (
            # Who spoke when is read from it alone, without a look at the words.
            models.Index(
                fields=(
                    "conversation",
                    "said_at",
                    "id",
                    "is_automatic",
                    "direction",
                    "state",
                    "changed_at",
                ),
                name="message_in_turn",
            ),
            models.Index(fields=("box", "external"), name="message_by_external"),
            models.Index(
                fields=("state", "next_try_at"),
                name="message_to_send",
                condition=Q(state__in=("due", "sending")),
            ),
            models.Index(
                fields=("box", "said_at"),
                name="message_automatic",
                condition=Q(is_automatic=True),
            ),
        )


class FormerWords(models.Model):
    """What a message said before its author changed it: kept no longer than what came."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="former")
    words = models.TextField()
    at = models.DateTimeField()
    """When other words took their place."""

    class Meta:
        ordering = ("at", "id")


class Attachment(models.Model):
    """A file that came with a message or goes with one."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.TextField()
    media_type = models.CharField(max_length=127)
    """As its first bytes say, not as it was called."""
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    file = models.TextField(blank=True, default="")
    """Below the home folder; empty: refused or let go."""
    refused = models.JSONField(null=True, blank=True)
    """Why it is not kept, by language."""
    alt = models.TextField(blank=True, default="")
    """What a picture of ours shows, for whoever does not see it."""
