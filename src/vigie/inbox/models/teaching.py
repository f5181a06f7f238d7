"""What conversations teach: satisfaction, causes, and what was changed because of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vigie.inbox.models.conversations import Conversation
from vigie.inbox.models.routing import Topic
from vigie.register.models import Service


class Satisfaction(models.Model):
    """One question asked after closing, and its answer if there was one."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="satisfaction"
    )
    digest = models.CharField(max_length=64, unique=True)
    """Of the token in the link."""
    asked_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    """1 to 5; unknown: no answer."""
    words = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("-answered_at", "-id"),
                name="satisfaction_by_answer",
                condition=Q(score__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="satisfaction_from_one_to_five",
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5),
            ),
        )


class Change(models.Model):
    """You said, we changed: what a service changed, for which cause, and since when."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="changes")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL)
    said = models.JSONField()
    """What people said, by language."""
    changed = models.JSONField()
    """What was changed, by language."""
    changed_on = models.DateField()
    is_public = models.BooleanField(default=False)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-changed_on", "-id")


class FaqDraft(models.Model):
    """A repeated question that no page answers, with the answer that is being written for it."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="faq_drafts")
    question = models.JSONField()
    answer = models.JSONField(default=dict, blank=True)
    conversations = models.JSONField(default=list, blank=True)
    """Keys of those that asked it."""
    state = models.CharField(max_length=9, default="draft")
    url = models.TextField(blank=True, default="")
    """The page that answers it now."""
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                name="faq_state_is_known", condition=Q(state__in=("draft", "published", "dropped"))
            ),
        )
