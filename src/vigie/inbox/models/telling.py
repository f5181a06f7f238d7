"""Mails to those of us who answer: questions, warnings, the digest of the morning."""

from __future__ import annotations

from django.db import models

from vigie.inbox.models.choices import known, one_of
from vigie.register.leaving import Leaving, left_once
from vigie.register.models import Person

MAILING_KINDS = ("ask", "deputy", "late", "digest", "returned")
"""A question to answer; one to answer in someone's place; what is nearly late; the morning; a
reply that was not let out."""


class Mailing(Leaving):
    """One mail to one of us, which leaves once. What it says is written when it leaves."""

    name = models.CharField(max_length=200, unique=True)
    """The same thing said to the same person has the same name: it is said once."""
    kind = models.CharField(max_length=8, choices=one_of(*MAILING_KINDS))
    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mailings")
    facts = models.JSONField(default=dict, blank=True)
    """Keys of the conversations it speaks of, where it carries no links."""
    made_at = models.DateTimeField()
    delay = models.JSONField(null=True, blank=True)
    """Why it has not arrived yet, by language; none: nobody says so."""
    delayed_until = models.DateTimeField(null=True, blank=True)
    """Until when it is tried: after that it came back, or it arrived."""

    class Meta:
        ordering = ("id",)
        constraints = (*left_once("mailing"), known("mailing_kind_is_known", "kind", MAILING_KINDS))
        indexes = (models.Index(fields=("sent_at", "made_at"), name="mailing_to_send"),)
