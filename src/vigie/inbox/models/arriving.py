"""Where messages come in and go out, and the journal of what came."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from vigie.inbox.models.choices import ARRIVAL_STATES, BOX_STATES, known, one_of
from vigie.register.models import Institution, Service


class Box(models.Model):
    """A channel as it is connected: a mailbox, the direct messages of an account, a form."""

    name = models.SlugField(max_length=80, unique=True)
    label = models.TextField()
    """What people call it."""
    channel = models.CharField(max_length=32)
    """The member of ``inbox.channels`` that reads and writes it."""
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="boxes")
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="boxes"
    )
    """Where all of it goes unless a rule says otherwise: the library's own mailbox."""
    address = models.TextField(blank=True, default="")
    """The mail address, or the account's key."""
    options = models.JSONField(default=dict, blank=True)
    sealed = models.TextField(blank=True, default="")
    """Secret options, encrypted with a key of the settings; empty: it has none."""
    hints = models.JSONField(default=dict, blank=True)
    position = models.TextField(blank=True, default="")
    """Where to go on reading, as JSON; what only the channel understands."""
    state = models.CharField(max_length=8, default="new", choices=one_of(*BOX_STATES))
    failure = models.JSONField(null=True, blank=True)
    """Why it could not be read or written the last time, by language."""
    misses = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    """The last time it was read to the end."""
    looked_at = models.DateTimeField(null=True, blank=True)
    """The last time it was looked whether what came still stands as it was."""
    sent_at = models.DateTimeField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False)
    """Every reply needs a second pair of eyes before it goes out here."""
    asks_satisfaction = models.BooleanField(default=True)
    """After closing, people are asked once whether they were helped; never in public."""
    greeting = models.JSONField(default=dict, blank=True)
    """What is answered automatically to a first message (``inbox.greeting``); empty: nothing."""

    class Meta:
        ordering = ("label", "id")
        constraints = (known("box_state_is_known", "state", BOX_STATES),)

    def __str__(self) -> str:
        return self.label


class Outage(models.Model):
    """A time in which a box was not read, kept once it was caught up with."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="outages")
    began_at = models.DateTimeField()
    """The last time before that it was read to the end."""
    ended_at = models.DateTimeField()
    failure = models.JSONField(null=True, blank=True)
    """Why, by language; unknown: nobody asked, it was paused or no worker ran."""
    fetched = models.PositiveIntegerField()
    """Payloads that came in since, once it could be read again."""

    class Meta:
        ordering = ("-ended_at", "-id")


class Arrival(models.Model):
    """One payload exactly as it came, kept in a file until it is read, and what became of it.

    The journal adds up: *seen = kept + duplicate + refused + ignored*, and nothing waits for long.
    """

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="arrivals")
    digest = models.CharField(max_length=64)
    """Of every byte: the same payload twice is one."""
    file = models.TextField(blank=True, default="")
    """Below the home folder; empty once the payload was let go."""
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting", choices=one_of(*ARRIVAL_STATES))
    """refused: in quarantine, may be read again; ignored: a loop, a bounce, nothing for us."""
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.JSONField(null=True, blank=True)
    """Why it was refused or ignored, by language."""
    seen = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    ignored = models.PositiveIntegerField(default=0)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = (
            models.UniqueConstraint(name="arrival_once", fields=("box", "digest")),
            known("arrival_state_is_known", "state", ARRIVAL_STATES),
            models.CheckConstraint(
                name="arrival_adds_up",
                condition=Q(seen=F("kept") + F("duplicate") + F("refused") + F("ignored")),
            ),
        )
        indexes = (
            models.Index(fields=("state", "received_at"), name="arrival_by_state"),
            models.Index(fields=("box", "received_at"), name="arrival_by_box"),
        )


class Sketch(models.Model):
    """Which words a kept payload holds, in brief (``inbox.sketching``)."""

    arrival = models.OneToOneField(
        Arrival, primary_key=True, on_delete=models.CASCADE, related_name="sketch"
    )
    words = models.BinaryField()


class Withdrawal(models.Model):
    """Something that was taken down before it was known here: it may come late, and stays out."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="withdrawals")
    key = models.CharField(max_length=512)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="withdrawal_once", fields=("box", "key")),)
