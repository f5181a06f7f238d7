"""What is remembered of checking the machine: which texts were drawn, and how."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CheckSample(models.Model):
    """Texts drawn for people to answer one question about, without seeing the machine's answer."""

    question = models.CharField(max_length=32)
    seed = models.BigIntegerField()
    """The same seed draws the same texts of the same store."""
    drawn_from = models.PositiveIntegerField()
    """How many texts they were drawn from."""
    drawn_at = models.DateTimeField()
    drawn_by = models.TextField()

    class Meta:
        ordering = ("-drawn_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="sample_is_of_a_question_and_of_someone",
                condition=~Q(question="") & ~Q(drawn_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.question} {self.drawn_at:%Y-%m-%d}"


class CheckText(models.Model):
    """A text of a sample; its words stay in the store, and leave with it."""

    sample = models.ForeignKey(CheckSample, on_delete=models.CASCADE, related_name="texts")
    place = models.PositiveIntegerField()
    """The order in which they are shown, from 1."""
    network = models.CharField(max_length=16)
    post = models.CharField(max_length=512)
    """The network's own identifier."""
    weight = models.FloatField()
    """How many texts it stands for."""
    is_random = models.BooleanField()
    """It was drawn from all, and not from those of which the machine says the same."""

    class Meta:
        ordering = ("sample", "place")
        constraints = (
            models.UniqueConstraint(name="one_text_a_place", fields=("sample", "place")),
            models.UniqueConstraint(name="each_text_once", fields=("sample", "network", "post")),
            models.CheckConstraint(name="text_stands_for_some", condition=Q(weight__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.network}:{self.post}"
