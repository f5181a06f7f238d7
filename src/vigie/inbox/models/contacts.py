"""The outside people who write, their handles, and what was merged or erased."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

CONSENTS = ("unknown", "given", "refused")


class Contact(models.Model):
    """The outside person. What is known is what they wrote to us, and what colleagues noted."""

    name = models.TextField(blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    """The one they prefer; empty: unknown."""
    tags = models.JSONField(default=list, blank=True)
    sought = models.TextField(blank=True, default="")
    """Name and handles without case and accents: what a search looks in."""
    consent = models.CharField(max_length=8, default="unknown")
    """To be written to about other matters than theirs."""
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    """The last time they wrote."""
    unwanted_at = models.DateTimeField(null=True, blank=True)
    """Since when all they begin is put aside as unwanted, because a person said so."""
    forgotten_at = models.DateTimeField(null=True, blank=True)
    """Erased: who they were is gone, that they wrote still counts."""

    class Meta:
        ordering = ("-seen_at", "-id")
        indexes = (
            models.Index(
                fields=("-seen_at", "-id"),
                name="contact_by_last",
                condition=Q(merged_into__isnull=True, forgotten_at__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="contact_consent_is_known", condition=Q(consent__in=CONSENTS)
            ),
            models.CheckConstraint(
                name="contact_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Handle(models.Model):
    """One way a contact is named on a network or by mail; it has one contact."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="handles")
    network = models.CharField(max_length=16)
    """A network, ``mail``, or ``form``."""
    address = models.CharField(max_length=320)
    """The mail address, or the network's own identifier: what an answer is sent to."""
    shown = models.TextField(blank=True, default="")
    """The handle people know, where it is not the identifier."""

    class Meta:
        ordering = ("network", "address")
        constraints = (
            models.UniqueConstraint(name="handle_once", fields=("network", "address")),
            models.CheckConstraint(name="handle_is_named", condition=~Q(address="")),
        )

    def __str__(self) -> str:
        return self.shown or self.address

    @property
    def wording(self) -> str:
        """What people know it by; empty: a network's number says nothing to anybody."""
        return self.shown or (self.address if "@" in self.address else "")


class ContactMerge(models.Model):
    """Two contacts that a person said are one, with all that undoing it needs."""

    survivor = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merged_by")
    before = models.JSONField()
    """Both as they were, with the keys of their handles and conversations."""
    reasons = models.JSONField(default=list, blank=True)
    by = models.TextField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(name="merge_takes_two", condition=~Q(survivor=F("absorbed"))),
        )


class NotTheSame(models.Model):
    """Two contacts that a person said are two people: they are not suggested again."""

    first = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(name="told_apart_once", fields=("first", "second")),
            models.CheckConstraint(name="told_apart_in_order", condition=Q(first__lt=F("second"))),
        )


class Forgotten(models.Model):
    """A handle that was erased, as a keyed hash: what it wrote before is refused for good."""

    mark = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.TextField()
    receipt = models.JSONField(default=dict, blank=True)
    """What was erased, in counts."""
