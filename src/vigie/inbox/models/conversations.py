"""Conversations: their state, who answers, and what colleagues leave beside them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from vigie.inbox.models.arriving import Box
from vigie.inbox.models.choices import KINDS, STATES, URGENCIES, known, one_of
from vigie.inbox.models.contacts import Contact
from vigie.register.models import Person, Service


class Conversation(models.Model):
    """All messages with one contact about one matter.

    The database keeps its marks and the tallies in step by itself: a migration that makes this
    table anew puts that back (``inbox.in_step``).
    """

    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="conversations")
    thread = models.CharField(max_length=512)
    """The channel's own name for the matter: what the next message is recognised by."""
    kind = models.CharField(max_length=8, choices=one_of(*KINDS))
    is_public = models.BooleanField(default=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="conversations")
    subject = models.TextField(blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    intents = models.JSONField(default=list, blank=True)
    urgency = models.CharField(max_length=8, default="normal", choices=one_of(*URGENCIES))
    post = models.JSONField(null=True, blank=True)
    """The public post it hangs under: network, identifier, address, words, author's name."""

    state = models.CharField(max_length=8, default="open", choices=one_of(*STATES))
    snoozed_until = models.DateTimeField(null=True, blank=True)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    """Unknown: nobody owns it yet."""
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    topic = models.ForeignKey(
        "inbox.Topic",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conversations",
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )

    opened_at = models.DateTimeField()
    via = models.ForeignKey(
        Box, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """By which box they wrote last, where it is another than that of the matter."""
    asked_at = models.DateTimeField()
    """The earliest message that nobody answered yet; after an answer, the last one that came."""
    incoming_at = models.DateTimeField()
    """The last message that came: the network's window counts from it."""
    answered_at = models.DateTimeField(null=True, blank=True)
    """The first answer by a person; unknown: silence so far."""
    outgoing_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    touched_at = models.DateTimeField()
    """The last change of any kind: lists are in this order."""

    due_at = models.DateTimeField(null=True, blank=True)
    """When the answer is due by the target, in service hours; unknown: none is owed."""
    window_until = models.DateTimeField(null=True, blank=True)
    """When the network stops letting us answer; unknown: never."""
    expires_at = models.DateTimeField(null=True, blank=True)
    """The earlier of the two: the queue is sorted by it."""
    warned_at = models.DateTimeField(null=True, blank=True)
    escalated = models.PositiveSmallIntegerField(default=0)
    """0 to the correspondent, 1 to the deputy, 2 to communication."""
    delayed_until = models.DateTimeField(null=True, blank=True)
    """Whoever answers asked for time until then: nobody is told before. The target stays."""
    response_minutes = models.PositiveIntegerField(null=True, blank=True)
    """From the first message to the first answer, in service hours."""
    resolution_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-touched_at", "-id")
        constraints = (
            models.UniqueConstraint(name="conversation_once", fields=("box", "thread")),
            known("conversation_state_is_known", "state", STATES),
            known("conversation_kind_is_known", "kind", KINDS),
            models.CheckConstraint(
                name="snoozed_until_some_day",
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_at_some_time",
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="conversation_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        )
        indexes = (
            models.Index(fields=("state", "-touched_at", "-id"), name="conversation_by_state"),
            models.Index(
                fields=("service", "state", "-touched_at", "-id"), name="conversation_by_service"
            ),
            models.Index(
                fields=("person", "state", "-touched_at", "-id"),
                name="conversation_of_person",
                condition=Q(person__isnull=False),
            ),
            models.Index(fields=("state", "expires_at", "id"), name="conversation_by_expiry"),
            models.Index(fields=("-touched_at", "-id"), name="conversation_by_touch"),
            models.Index(fields=("opened_at",), name="conversation_by_opening"),
            models.Index(fields=("kind", "-touched_at", "-id"), name="conversation_by_kind"),
            models.Index(
                fields=("state", "urgency", "expires_at", "id"), name="conversation_by_urgency"
            ),
            # What totals are counted in, without a look at the rows themselves.
            models.Index(
                fields=("state", "kind", "service", "person", "merged_into", "due_at"),
                name="conversation_counted",
            ),
        )

    def __str__(self) -> str:
        return self.subject or f"#{self.pk}"

    @property
    def answers_by(self) -> Box:
        """The box by which an answer goes out unless another way is chosen."""
        return self.via or self.box


class Passage(models.Model):
    """One assignment: to whom a conversation went, why, and who said so."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="passages"
    )
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()
    by = models.TextField()
    """A person, ``rule`` and its name, ``classifier`` and its version, or ``escalation``."""
    reason = models.JSONField(default=dict, blank=True)
    """In words, by language."""

    class Meta:
        ordering = ("at", "id")


class Note(models.Model):
    """Words for colleagues, never sent."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    words = models.TextField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (models.CheckConstraint(name="note_says_something", condition=~Q(words="")),)


class CalledIn(models.Model):
    """A colleague called into one conversation, who sees it and nothing else by that."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="called_in"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="called_into")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="called_in_once", fields=("conversation", "person")),
        )


class ConversationLink(models.Model):
    """Two conversations about one matter, side by side."""

    first = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links_to")
    second = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links_from")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="link_once", fields=("first", "second")),
            models.CheckConstraint(name="link_in_order", condition=Q(first__lt=F("second"))),
        )


class ConversationMerge(models.Model):
    """Two conversations made one, with all that undoing it needs."""

    survivor = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="merged_by")
    before = models.JSONField()
    by = models.TextField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")


class Draft(models.Model):
    """A reply that is being written: kept as it grows, one for each who writes."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    writer = models.CharField(max_length=80)
    """``person:`` and a key, or ``link:`` and one."""
    words = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="draft_once", fields=("conversation", "writer")),
        )


class Looking(models.Model):
    """Who has a conversation before them, or is answering it just now."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="lookers")
    who = models.CharField(max_length=80)
    name = models.TextField()
    is_answering = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="looking_once", fields=("conversation", "who")),
        )
