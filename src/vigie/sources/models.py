"""What is remembered of where observations come from: connections, due work, what arrived."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from vigie.collect.address import NETWORKS
from vigie.collect.proof import VERDICTS

DELIVERY_STATES = ("waiting", "done", "unknown", "refused")
NOTICE_KINDS = ("missed", "mended")
CONNECTION_STATES = ("new", "accepted", "refused")
FINDING_STATES = ("pending", "accepted", "rejected")


def _one_of(*names: str) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class Connection(models.Model):
    """What a person entered so that a network answers: keys, sealed, and plain options."""

    connector = models.CharField(max_length=64, unique=True)
    """The connector it opens, or ``webhook.`` and the name of a way in."""
    label = models.TextField(blank=True, default="")
    """What people call it: whose key it is, for example."""
    options = models.JSONField(default=dict, blank=True)
    """Options that are no secret."""
    sealed = models.TextField()
    """The secret options as JSON, encrypted with a key of the settings."""
    hints = models.JSONField(default=dict, blank=True)
    """Secret option → its last letters and the day it was entered: all that is ever shown."""
    connected_by = models.TextField()
    connected_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="new", choices=_one_of(*CONNECTION_STATES))
    """Whether the network took the key the last time it was shown."""
    granted = models.JSONField(null=True, blank=True)
    """Permissions the network says we have; unknown where it does not say."""
    checked_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    """When the key ends, as the network says, or at the latest; unknown: it does not."""
    renewed_at = models.DateTimeField(null=True, blank=True)
    """When the network last gave another key in its place."""
    renewal_failed_at = models.DateTimeField(null=True, blank=True)
    renewal_failure = models.JSONField(null=True, blank=True)
    """Why it could not be renewed the last time, by language."""

    class Meta:
        ordering = ("connector",)
        constraints = (
            models.CheckConstraint(name="connection_is_named", condition=~Q(connector="")),
            models.CheckConstraint(name="connection_is_sealed", condition=~Q(sealed="")),
            models.CheckConstraint(
                name="connection_state_is_known", condition=Q(state__in=CONNECTION_STATES)
            ),
        )

    def __str__(self) -> str:
        return self.connector


class Work(models.Model):
    """Something to be done when it is due, by one worker at a time."""

    kind = models.CharField(max_length=32)
    """What is to be done; the worker knows the function by this name."""
    connector = models.CharField(max_length=64, blank=True, default="")
    subject = models.CharField(max_length=512, blank=True, default="")
    """An account, when only one is meant; empty: all."""
    every = models.DurationField(null=True, blank=True)
    """Unknown: once; the row goes when it is done."""
    due_at = models.DateTimeField()
    is_paused = models.BooleanField(default=False)
    is_whole = models.BooleanField(default=False)
    """A person asked for it: what was read recently is read again too."""

    claimed_by = models.CharField(max_length=128, blank=True, default="")
    """The worker that does it now; empty: nobody."""
    claimed_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    """The last sign of life of the worker that does it."""
    held_until = models.DateTimeField(null=True, blank=True)
    """Without another sign of life until then, others take it over."""

    attempts = models.PositiveIntegerField(default=0)
    """Times it was begun since it last ended, well or not: more than one means it broke off."""
    misses = models.PositiveIntegerField(default=0)
    """Failures in a row."""
    last_success = models.DateTimeField(null=True, blank=True)
    last_failure = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    """The first failure of those in a row."""
    failure = models.JSONField(null=True, blank=True)
    """Why it failed the last time, by language."""
    is_denied = models.BooleanField(default=False)
    """The network refused the key: only a person can mend it."""

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(name="work_once", fields=("kind", "connector", "subject")),
            models.UniqueConstraint(
                name="one_claim_a_connector",
                fields=("connector",),
                condition=~Q(claimed_by="") & ~Q(connector=""),
            ),
            models.CheckConstraint(
                name="claim_is_whole",
                condition=Q(claimed_by="", claimed_at__isnull=True, held_until__isnull=True)
                | (
                    ~Q(claimed_by="") & Q(claimed_at__isnull=False, held_until__gte=F("claimed_at"))
                ),
            ),
        )
        indexes = (models.Index(fields=("due_at",), name="work_by_due"),)

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.connector, self.subject) if part)


class Worker(models.Model):
    """A process that does due work, and its last sign of life."""

    name = models.CharField(max_length=128, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class Delivery(models.Model):
    """What a network sent of its own accord, kept as received in a file of the home folder."""

    webhook = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    """Of the webhook's name and of every byte: the same delivery twice is one."""
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting", choices=_one_of(*DELIVERY_STATES))
    """unknown: kept, though nothing is known to be done with it."""
    reason = models.TextField(blank=True, default="")
    """Why it was refused, or what of it is unknown."""
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="delivery_state_is_known", condition=Q(state__in=DELIVERY_STATES)
            ),
        )
        indexes = (models.Index(fields=("state", "id"), name="delivery_by_state"),)


class Notice(models.Model):
    """A message to the people in charge: kept, so that each is sent once."""

    connector = models.CharField(max_length=96)
    """What it is about: a connector, or ``inbox.`` and the name of a box."""
    kind = models.CharField(max_length=8, choices=_one_of(*NOTICE_KINDS))
    since = models.DateTimeField()
    """The first failure of those in a row."""
    decided_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    """Unknown while it could not be sent: it is tried again."""

    class Meta:
        ordering = ("-decided_at", "-id")
        constraints = (
            models.UniqueConstraint(name="notice_once", fields=("connector", "kind", "since")),
            models.CheckConstraint(name="notice_kind_is_known", condition=Q(kind__in=NOTICE_KINDS)),
        )


class Look(models.Model):
    """The last look at the web site of an institution for its accounts."""

    institution = models.CharField(max_length=120, unique=True)
    """Slug."""
    at = models.DateTimeField()
    site = models.TextField()
    pages = models.JSONField(default=list, blank=True)
    """Addresses that were read; none: the site did not answer."""
    failures = models.JSONField(default=list, blank=True)
    """What could not be read and why, each by language."""

    class Meta:
        ordering = ("institution",)


class Finding(models.Model):
    """An account that may be an institution's: what says so, and what a person decided."""

    institution = models.CharField(max_length=120)
    """Slug."""
    network = models.CharField(max_length=16, choices=_one_of(*NETWORKS))
    account = models.CharField(max_length=512)
    handle = models.TextField(null=True, blank=True)
    identifier = models.TextField(null=True, blank=True)
    url = models.TextField(blank=True, default="")
    name = models.TextField(null=True, blank=True)
    """What the account calls itself."""
    followers = models.PositiveBigIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=12, choices=_one_of(*VERDICTS))
    evidence = models.JSONField(default=dict, blank=True)
    """``named``: where the site names it; ``reasons``: the verdict's, each by language."""
    mark = models.CharField(max_length=16)
    """Of what speaks for and against it: what was rejected comes back when this changes."""
    is_idle = models.BooleanField(default=False)
    latest_post = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="pending", choices=_one_of(*FINDING_STATES))
    """accepted: it is in the register."""
    decided_by = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("institution", "network", "account")
        constraints = (
            models.UniqueConstraint(name="finding_once", fields=("institution", "account")),
            models.CheckConstraint(
                name="finding_state_is_known", condition=Q(state__in=FINDING_STATES)
            ),
        )
        indexes = (models.Index(fields=("state", "institution"), name="finding_by_state"),)

    def __str__(self) -> str:
        return self.account
