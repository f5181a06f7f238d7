"""What is remembered of who is who: institutions, accounts, services, persons, and every change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from vigie.collect.address import NETWORKS
from vigie.collect.institution_names import KINDS
from vigie.register.item import KINDS as ITEM_KINDS
from vigie.register.rights import ROLES

OFFICES = (
    "admissions", "registry", "teaching", "library", "it", "housing", "finance", "international",
    "careers", "health", "student_life", "communication",
)  # fmt: skip
"""Kinds of office that texts are told apart by."""
ASKS = ("seatless", "always", "never")
"""When a correspondent is sent questions by mail."""


def _one_of(*names: str) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _known(name: str, values: tuple[str, ...]) -> Q:
    return Q(**{f"{name}__in": values})


class Institution(models.Model):
    """A university or similar body that is compared or served."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.TextField()
    kind = models.CharField(max_length=24, null=True, blank=True, choices=_one_of(*KINDS))
    country = models.CharField(max_length=2, null=True, blank=True)
    region = models.TextField(null=True, blank=True)
    city = models.TextField(null=True, blank=True)
    website = models.TextField(null=True, blank=True)
    timezone = models.CharField(max_length=64, null=True, blank=True)
    uai = models.CharField(max_length=16, null=True, blank=True, unique=True)
    other_uais = models.JSONField(default=list, blank=True)
    ror = models.CharField(max_length=16, null=True, blank=True, db_index=True)
    wikidata = models.CharField(max_length=24, null=True, blank=True, db_index=True)
    eter = models.CharField(max_length=24, null=True, blank=True)
    short_name = models.TextField(null=True, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    is_invented = models.BooleanField(default=False)
    source = models.CharField(max_length=64, default="")
    """What brought it, and may say that it changed or ended."""

    class Meta:
        ordering = ("name", "slug")
        constraints = (
            models.CheckConstraint(
                name="institution_kind_is_known",
                condition=Q(kind__isnull=True) | _known("kind", KINDS),
            ),
            models.CheckConstraint(name="institution_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="institution_is_not_its_own_parent", condition=~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="institution_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """How many students an institution had in an academic year."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="enrolments"
    )
    year = models.PositiveSmallIntegerField()
    students = models.PositiveIntegerField()

    class Meta:
        ordering = ("institution_id", "year")
        constraints = (
            models.UniqueConstraint(name="one_enrolment_a_year", fields=("institution", "year")),
            models.CheckConstraint(
                name="enrolment_year_is_a_year", condition=Q(year__gte=1000, year__lte=2200)
            ),
        )


class Account(models.Model):
    """An institution's presence on a network; it has one institution."""

    account = models.CharField(max_length=512, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="accounts")
    network = models.CharField(max_length=16, choices=_one_of(*NETWORKS))
    handle = models.TextField(null=True, blank=True)
    identifier = models.TextField(null=True, blank=True)
    url = models.TextField(null=True, blank=True)
    name = models.TextField(null=True, blank=True)
    is_principal = models.BooleanField(default=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=64, default="")
    proof = models.CharField(
        max_length=16, default="", blank=True, choices=_one_of("", "site", "profile", "both")
    )
    """Who links to whom: the site to the account, the profile to the site, or both."""
    proved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("institution_id", "network", "-is_principal", "account")
        constraints = (
            models.UniqueConstraint(
                name="one_principal_account",
                fields=("institution", "network"),
                condition=Q(is_principal=True, closed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="account_network_is_known", condition=_known("network", NETWORKS)
            ),
            models.CheckConstraint(
                name="account_is_named",
                condition=Q(handle__isnull=False) | Q(identifier__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.account


class Event(models.Model):
    """Something that breaks or explains a series."""

    event = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    kind = models.CharField(
        max_length=24,
        choices=_one_of("purge", "merger", "metric_renamed", "account_changed", "other"),
    )
    breaks_series = models.BooleanField()
    network = models.CharField(max_length=16, null=True, blank=True)
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    words = models.TextField(null=True, blank=True)

    class Meta:
        ordering = ("day", "event")


class Statement(models.Model):
    """An institution's reply to a published figure, shown beside it."""

    statement = models.CharField(max_length=64, unique=True)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="statements"
    )
    edition = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    words = models.TextField()
    asks_correction = models.BooleanField(default=False)

    class Meta:
        ordering = ("written_at", "statement")
        constraints = (
            models.CheckConstraint(name="statement_says_something", condition=~Q(words="")),
        )


class Person(models.Model):
    """Someone who signs in, or who answers for a service by a link in a mail alone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="person",
    )
    """Unknown: this person does not sign in."""
    name = models.TextField(blank=True, default="")
    mail = models.EmailField(blank=True, default="")
    """Where questions and digests are sent."""
    language = models.CharField(
        max_length=2, blank=True, default="", choices=_one_of("", "fr", "en")
    )
    """Of what is sent to them; empty: that of the site."""

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                name="person_can_be_reached", condition=Q(user__isnull=False) | ~Q(mail="")
            ),
        )

    def __str__(self) -> str:
        return self.name or (self.user.get_username() if self.user else self.mail)

    @property
    def address(self) -> str:
        """Where this person is written to; empty: nowhere."""
        return self.mail or (self.user.email if self.user else "")

    @property
    def has_seat(self) -> bool:
        """Whether this person can sign in."""
        return self.user is not None and self.user.is_active


class Service(models.Model):
    """An office of an institution that answers people, with the person who answers for it."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="services")
    name = models.TextField()
    slug = models.SlugField(max_length=80, blank=True, default="")
    """What its pages are addressed by, on the whole site."""
    public_name = models.TextField(blank=True, default="")
    """What the public calls it; empty: its name."""
    answers = models.TextField(blank=True, default="")
    """What it answers, in words people use."""
    kind = models.CharField(max_length=16, blank=True, default="", choices=_one_of("", *OFFICES))
    """The kind of office, as the classifier of texts names it; empty: none of these."""
    is_confidential = models.BooleanField(default=False)
    """What it is asked is seen by those with a role in it, and by nobody else."""
    needs_approval = models.BooleanField(default=False)
    """Its replies go out once someone with that right has read them."""
    asks_by_mail = models.CharField(max_length=8, default="seatless", choices=_one_of(*ASKS))
    """Whether its correspondent is sent each question: always, never, or while without an account
    of the site."""
    capacity = models.PositiveIntegerField(null=True, blank=True)
    """Open conversations it can carry; more: it is overloaded."""
    timezone = models.CharField(max_length=64, blank=True, default="")
    """Empty: that of its institution."""
    is_active = models.BooleanField(default=True)
    correspondent = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers_for"
    )
    deputy = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in_for"
    )

    class Meta:
        ordering = ("institution_id", "name")
        constraints = (
            models.UniqueConstraint(name="one_service_a_name", fields=("institution", "name")),
            models.UniqueConstraint(
                name="one_service_an_address", fields=("slug",), condition=~Q(slug="")
            ),
            models.CheckConstraint(
                name="deputy_is_someone_else",
                condition=Q(deputy__isnull=True)
                | Q(correspondent__isnull=True)
                | ~Q(deputy=F("correspondent")),
            ),
            models.CheckConstraint(
                name="service_asks_in_a_known_way", condition=_known("asks_by_mail", ASKS)
            ),
            models.CheckConstraint(
                name="service_kind_is_known", condition=_known("kind", ("", *OFFICES))
            ),
        )

    def __str__(self) -> str:
        return self.public_name or self.name


class Role(models.Model):
    """What a person may do, in one service or everywhere."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=16, choices=_one_of(*ROLES))
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="roles"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_role_in_a_service",
                fields=("person", "service"),
                condition=Q(service__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_role_everywhere", fields=("person",), condition=Q(service__isnull=True)
            ),
            models.CheckConstraint(name="role_is_known", condition=_known("name", ROLES)),
        )


class Update(models.Model):
    """A difference between the register and a source, kept until every item is decided."""

    source = models.CharField(max_length=64)
    """The importer that read the file."""
    file_name = models.TextField(default="", blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.TextField()
    seen_on = models.DateField()

    class Meta:
        ordering = ("-id",)


class UpdateItem(models.Model):
    """One item of an update: pending until a person accepts or rejects it."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    item = models.CharField(max_length=16)
    """The same difference has the same name in every update."""
    kind = models.CharField(max_length=24, choices=_one_of(*ITEM_KINDS))
    institution = models.CharField(max_length=120)
    """Slug; the institution may not exist yet."""
    content = models.JSONField()
    state = models.CharField(
        max_length=10, default="pending", choices=_one_of("pending", "accepted", "rejected")
    )
    decided_by = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("update_id", "position")
        constraints = (
            models.UniqueConstraint(name="item_once_in_an_update", fields=("update", "item")),
            models.CheckConstraint(
                name="item_state_is_known",
                condition=_known("state", ("pending", "accepted", "rejected")),
            ),
        )
        indexes = (models.Index(fields=("state", "item"), name="item_by_state"),)


class LogEntry(models.Model):
    """One change, chained to the one before: nothing can be altered or taken out unseen."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.TextField()
    action = models.CharField(max_length=48)
    subject = models.TextField(default="", blank=True)
    facts = models.JSONField(default=dict, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("action", "-number"), name="log_by_action"),
            models.Index(fields=("by", "-number"), name="log_by_author"),
            models.Index(fields=("subject", "-number"), name="log_by_subject"),
            models.Index(fields=("at",), name="log_by_moment"),
        )
