"""What is remembered of the culture programme: practices, and the walls of classes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from vigie.culture.practice import FIELDS, KINDS, OWNERS, PERSON, STATES, Draft
from vigie.culture.wall_models import Question, Wall, Wording

__all__ = ["Practice", "Question", "Step", "Wall", "Wording"]


def _one_of(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class Practice(models.Model):
    """Something done on networks that is worth spreading."""

    title = models.TextField()
    kind = models.CharField(max_length=16, choices=_one_of(KINDS))
    state = models.CharField(max_length=12, default="spotted", choices=_one_of(STATES))
    seen = models.TextField(blank=True, default="")
    copying = models.TextField(blank=True, default="")
    """What others can copy."""

    network = models.CharField(max_length=16, blank=True, default="")
    post = models.TextField(blank=True, default="")
    """The post it was seen in; its words stay in the store, and go when they go there."""
    hashtag = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")

    owner_kind = models.CharField(max_length=8, blank=True, default="", choices=_one_of(OWNERS))
    owner = models.TextField(blank=True, default="")
    consent = models.TextField(blank=True, default="")
    consented_on = models.DateField(null=True, blank=True)

    support = models.TextField(blank=True, default="")
    reused_by = models.TextField(blank=True, default="")
    notes = models.TextField(blank=True, default="")
    noted_by = models.TextField()
    noted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-changed_at", "-id")
        constraints = (
            models.CheckConstraint(name="practice_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="practice_kind_is_known", condition=Q(kind__in=list(KINDS))
            ),
            models.CheckConstraint(name="practice_state_is_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="practice_person_agreed",
                condition=~Q(owner_kind=PERSON) | (~Q(consent="") & Q(consented_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="practice_owner_is_whole",
                condition=Q(owner_kind="", owner="") | (~Q(owner_kind="") & ~Q(owner="")),
            ),
            models.UniqueConstraint(
                name="practice_once_a_post",
                fields=("network", "post"),
                condition=~Q(post=""),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def draft(self) -> Draft:
        """Return what people wrote of it."""
        return Draft(**{name: getattr(self, name) for name in FIELDS})


class Step(models.Model):
    """When a practice entered a state."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=_one_of(STATES))
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(name="step_state_is_known", condition=Q(state__in=STATES)),
        )
