"""What is remembered of listening: queries, alerts, the calendar, themes, who may be looked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from vigie.collect.address import NETWORKS
from vigie.listening.alert_models import Alert, AlertMessage, AlertSent, Digest, Listener
from vigie.listening.kinds import (
    CONSENT_ANSWERS,
    CONSENT_SCOPES,
    CONSENT_WAYS,
    EVENT_KINDS,
    EVENT_SOURCES,
)
from vigie.listening.label_models import CheckSample, CheckText

__all__ = [
    "Alert", "AlertMessage", "AlertSent", "CalendarEvent", "CheckSample", "CheckText", "Consent",
    "Digest", "Listener", "PublicFigure", "Query", "Speciality", "Theme",
]  # fmt: skip


def _one_of(*names: str) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _known(name: str, values: tuple[str, ...]) -> Q:
    return Q(**{f"{name}__in": values})


class Query(models.Model):
    """What listening looks for, and why: everyone may read it in the public register."""

    name = models.SlugField(max_length=64, unique=True)
    """Stands in addresses, and in ``subject`` of the mentions it catches."""
    title = models.TextField()
    words = models.TextField()
    """In the query language."""
    purpose = models.TextField()
    """Why it is listened to: shown to the public."""
    office = models.TextField()
    """The office that keeps it: shown to the public."""
    kept_by = models.TextField()
    """The person who changed it last: never shown to the public."""
    languages = models.JSONField(default=list, blank=True)
    """ISO 639-1 codes it expects; none: any."""
    networks = models.JSONField(default=list, blank=True)
    """Networks it is put to; none: all that can be searched."""
    is_on = models.BooleanField(default=True)
    to_inbox = models.JSONField(default=list, blank=True)
    """Intents whose mentions go to the inbox by themselves."""
    permitted_by = models.TextField(blank=True, default="")
    """The administrator who let it pass although it reads like a person's name."""
    permitted_because = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("title", "name")
        constraints = (
            models.CheckConstraint(
                name="query_is_whole",
                condition=~Q(name="") & ~Q(title="") & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="query_says_why_and_who", condition=~Q(purpose="") & ~Q(office="")
            ),
            models.CheckConstraint(
                name="query_is_permitted_with_a_reason",
                condition=Q(permitted_by="", permitted_because="")
                | (~Q(permitted_by="") & ~Q(permitted_because="")),
            ),
            models.CheckConstraint(
                name="query_changed_after_it_began", condition=Q(changed_at__gte=F("created_at"))
            ),
        )

    def __str__(self) -> str:
        return self.title


class CalendarEvent(models.Model):
    """Days on which more or less is said than usual, and why."""

    name = models.SlugField(max_length=64, unique=True)
    title = models.JSONField()
    """By language; at least one."""
    kind = models.CharField(max_length=12, choices=_one_of(*EVENT_KINDS))
    first_day = models.DateField()
    last_day = models.DateField()
    factor = models.FloatField(null=True, blank=True)
    """What is usual is multiplied by it; unknown: learned, and the forecast is wider until then."""
    network = models.CharField(max_length=16, null=True, blank=True, choices=_one_of(*NETWORKS))
    """None: every network."""
    institution = models.CharField(max_length=120, null=True, blank=True)
    """Slug; none: every institution."""
    source = models.CharField(max_length=8, default="team", choices=_one_of(*EVENT_SOURCES))
    changed_by = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("first_day", "name")
        constraints = (
            models.CheckConstraint(
                name="calendar_event_is_named", condition=~Q(name="") & ~Q(title={})
            ),
            models.CheckConstraint(
                name="calendar_event_ends_after_it_begins",
                condition=Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="calendar_event_factor_is_positive",
                condition=Q(factor__isnull=True) | Q(factor__gt=0),
            ),
            models.CheckConstraint(
                name="calendar_event_kind_is_known", condition=_known("kind", EVENT_KINDS)
            ),
            models.CheckConstraint(
                name="calendar_event_source_is_known", condition=_known("source", EVENT_SOURCES)
            ),
            models.CheckConstraint(
                name="calendar_event_network_is_known",
                condition=Q(network__isnull=True) | _known("network", NETWORKS),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """What people call a theme, and which theme they merged it into."""

    fingerprint = models.CharField(max_length=64, unique=True)
    """Of its terms: the same theme has the same one from run to run."""
    terms = models.JSONField()
    """The surest first."""
    name = models.TextField(blank=True, default="")
    """Empty: its terms name it."""
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    changed_by = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "fingerprint")
        constraints = (
            models.CheckConstraint(
                name="theme_has_terms", condition=~Q(fingerprint="") & ~Q(terms=[])
            ),
            models.CheckConstraint(
                name="theme_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.name or self.fingerprint


class PublicFigure(models.Model):
    """A person whose public role makes it right to listen for their name, and why."""

    name = models.TextField(unique=True)
    handles = models.JSONField(default=list, blank=True)
    role = models.TextField()
    """President of the university, minister: what makes the person public."""
    reason = models.TextField()
    """Why this institution listens for them: shown to the public."""
    permitted_by = models.TextField()
    permitted_at = models.DateTimeField()
    until = models.DateField()
    """The last day; then queries on the name are refused again."""

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                name="figure_is_held_with_a_reason",
                condition=~Q(name="") & ~Q(role="") & ~Q(reason="") & ~Q(permitted_by=""),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Speciality(models.Model):
    """What an institution says it is known for, in its own words."""

    institution = models.CharField(max_length=120)
    """Slug."""
    name = models.TextField()
    words = models.JSONField()
    """The words and phrases that speak of it."""
    declared_by = models.TextField(blank=True, default="")
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("institution", "name")
        verbose_name_plural = "specialities"
        constraints = (
            models.UniqueConstraint(name="one_speciality_a_name", fields=("institution", "name")),
            models.CheckConstraint(
                name="speciality_has_words",
                condition=~Q(institution="") & ~Q(name="") & ~Q(words=[]),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """The wish to reuse somebody's post, and what they answered through a secret link."""

    network = models.CharField(max_length=16, choices=_one_of(*NETWORKS))
    post = models.CharField(max_length=512)
    """The network's own identifier."""
    url = models.TextField(blank=True, default="")
    purpose = models.TextField()
    """What the post would be used for, as the author is told."""
    scope = models.CharField(max_length=16, choices=_one_of(*CONSENT_SCOPES))
    used_until = models.DateField()
    """The last day on which it would be used."""
    way = models.CharField(max_length=8, choices=_one_of(*CONSENT_WAYS))
    """How the link reaches the author: anyone could answer one that stands in public."""
    code = models.CharField(max_length=8, blank=True, default="")
    """What the author writes from their account where the link is public: it shows who answers."""
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    token_digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret in the link."""
    expires_at = models.DateTimeField()
    """The link answers until then."""
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(
        max_length=4, blank=True, default="", choices=_one_of("", *CONSENT_ANSWERS)
    )
    credit = models.TextField(blank=True, default="")
    """How the author wants to be named; empty: not at all. It goes when the yes does."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.TextField(blank=True, default="")
    """Who saw the code come from the author's account."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """When the author took their yes back."""

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="one_open_consent_a_post",
                fields=("network", "post", "scope"),
                condition=Q(answer=""),
            ),
            models.CheckConstraint(
                name="consent_answer_is_known",
                condition=Q(answer="", answered_at__isnull=True)
                | (_known("answer", CONSENT_ANSWERS) & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="consent_scope_is_known", condition=_known("scope", CONSENT_SCOPES)
            ),
            models.CheckConstraint(
                name="consent_network_is_known", condition=_known("network", NETWORKS)
            ),
            models.CheckConstraint(
                name="consent_way_is_known", condition=_known("way", CONSENT_WAYS)
            ),
            models.CheckConstraint(
                name="consent_in_public_has_a_code",
                condition=Q(way="direct", code="") | (Q(way="reply") & ~Q(code="")),
            ),
            models.CheckConstraint(
                name="consent_names_who_still_agrees",
                condition=Q(credit="") | Q(answer="yes", withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_is_confirmed_after_a_yes",
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(answer="yes", confirmed_at__gte=F("answered_at")) & ~Q(confirmed_by="")),
            ),
            models.CheckConstraint(
                name="consent_is_withdrawn_after_a_yes",
                condition=Q(withdrawn_at__isnull=True)
                | Q(answer="yes", withdrawn_at__gte=F("answered_at")),
            ),
        )
