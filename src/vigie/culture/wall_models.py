"""What is remembered of the walls on which a class asks: no author, ever, and not for long."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

WAITING, SHOWN, HIDDEN = QUESTION_STATES = ("waiting", "shown", "hidden")
PAGE, POST = ORIGINS = ("page", "post")
MOST_DAYS = 90
"""Days that questions may be kept after a wall is closed."""


def _one_of(*names: str) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class Wall(models.Model):
    """A place where a class asks its questions, found by a hashtag or a short code."""

    hashtag = models.TextField()
    """As it was typed, without its sign."""
    tag = models.CharField(max_length=60)
    """Folded: as it stands in the address."""
    code = models.CharField(max_length=4)
    title = models.TextField()
    unit = models.TextField(blank=True, default="")
    """The teaching unit."""
    is_moderated = models.BooleanField(default=True)
    """A question is shown only once it was approved."""
    takes_posts = models.BooleanField(default=True)
    """Posts on networks with the hashtag are questions too."""
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    keep_days = models.PositiveSmallIntegerField(default=14)
    """Days for which questions are kept once it is closed."""
    erased_at = models.DateTimeField(null=True, blank=True)
    gathered_at = models.DateTimeField(null=True, blank=True)
    """When posts with the hashtag were last looked for."""
    version = models.PositiveIntegerField(default=0)
    """Grows with every change: a page that shows the same need not be made again."""

    asked = models.PositiveIntegerField(null=True, blank=True)
    """Wordings, questions, questions answered and people: what stays once they are erased."""
    questions_asked = models.PositiveIntegerField(null=True, blank=True)
    questions_answered = models.PositiveIntegerField(null=True, blank=True)
    people_asking = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="wall_is_named", condition=~Q(tag="") & ~Q(code="") & ~Q(title="")
            ),
            models.UniqueConstraint(
                name="one_wall_a_hashtag", fields=("tag",), condition=Q(closed_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="one_wall_a_code", fields=("code",), condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="wall_closes_after_it_opens", condition=Q(closes_at__gt=F("opened_at"))
            ),
            models.CheckConstraint(
                name="wall_is_erased_once_closed",
                condition=Q(erased_at__isnull=True) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="wall_is_not_kept_for_long", condition=Q(keep_days__lte=MOST_DAYS)
            ),
        )

    def __str__(self) -> str:
        return f"#{self.hashtag}"


class Question(models.Model):
    """A question of a wall, whoever asked it and in however many wordings."""

    wall = models.ForeignKey(Wall, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField()
    """Its place among those of the wall, from 1: people call it so."""
    state = models.CharField(max_length=8, choices=_one_of(*QUESTION_STATES))
    votes = models.PositiveIntegerField(default=0)
    """People who said *me too*, besides those who asked."""
    answered_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    """The question a person said it is the same as: undone by forgetting it."""

    class Meta:
        ordering = ("wall_id", "number")
        constraints = (
            models.UniqueConstraint(name="question_number_once", fields=("wall", "number")),
            models.CheckConstraint(
                name="question_state_is_known", condition=Q(state__in=QUESTION_STATES)
            ),
            models.CheckConstraint(
                name="question_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        )


class Wording(models.Model):
    """One way in which a question was asked. Nothing says by whom."""

    wall = models.ForeignKey(Wall, on_delete=models.CASCADE, related_name="wordings")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    text = models.TextField()
    kind = models.TextField(blank=True)
    """What tells it from every question of another kind (see ``grouping``)."""
    words = models.TextField(blank=True)
    """What it is compared by among those of its kind."""
    origin = models.CharField(max_length=4, choices=_one_of(*ORIGINS))
    network = models.CharField(max_length=16, blank=True, default="")
    post = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("wall_id", "id")
        constraints = (
            models.CheckConstraint(name="wording_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="wording_origin_is_known",
                condition=Q(origin=PAGE, post="") | (Q(origin=POST) & ~Q(post="")),
            ),
            models.UniqueConstraint(
                name="wording_once_a_post",
                fields=("wall", "network", "post"),
                condition=~Q(post=""),
            ),
        )
        indexes = (models.Index(fields=("wall", "kind"), name="wording_by_kind"),)
