"""How long words are kept: what was closed so long ago loses them, and counts as it did before.

A rule says first what it would take, is switched on by a person, and is then kept every day. What
goes: words, subjects, names, handles, files, notes. What stays: that somebody wrote, when, by which
way, to which service, and how soon they were answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.erasing import Theirs, erase_names, erase_words, everything_of, files_of
from vigie.inbox.models import Attachment, Contact, Conversation, Message, Note, Retention
from vigie.inbox.models.choices import KINDS
from vigie.register import log
from vigie.register.models import Service
from vigie.register.rights import FORGET_CONTACTS, Author, require
from vigie.words import _

BY = Author(name="retention")
LONGEST = 240
"""Months: twenty years."""
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Takes:
    """What a rule takes, in counts: shown before it is switched on, kept in the log after."""

    conversations: int = 0
    messages: int = 0
    notes: int = 0
    files: int = 0
    contacts: int = 0
    """People of whom nothing else is kept."""

    def __add__(self, other: Takes) -> Takes:
        """Return what both take."""
        names = [field.name for field in fields(self)]
        return Takes(**{name: getattr(self, name) + getattr(other, name) for name in names})


def put_rule(service: Service | None, kind: str, months: int, *, hand: Hand) -> Retention:
    """Keep a rule; it takes nothing before it is switched on, nor after it was changed."""
    require(hand.eyes.author, FORGET_CONTACTS)
    if kind and kind not in KINDS:
        raise InboxError(_("There is no such way of writing. Choose one of the list."))
    if not 0 < months <= LONGEST:
        raise InboxError(_("Write how many months, from 1 to {most}.", most=LONGEST))
    with transaction.atomic():
        given = {"months": months, "is_on": False, "changed_at": hand.now}
        made, _new = Retention.objects.update_or_create(service=service, kind=kind, defaults=given)
        _note("inbox.retention", made, hand, months=months)
    return made


def switch(rule: Retention, *, is_on: bool, hand: Hand) -> None:
    """Let a rule be kept from now on, or no more."""
    require(hand.eyes.author, FORGET_CONTACTS)
    with transaction.atomic():
        Retention.objects.filter(pk=rule.pk).update(is_on=is_on, changed_at=hand.now)
        _note("inbox.retention_switch", rule, hand, is_on=is_on)


def erase_rule(rule: Retention, *, hand: Hand) -> None:
    """Take a rule out: what it took stays gone."""
    require(hand.eyes.author, FORGET_CONTACTS)
    with transaction.atomic():
        _note("inbox.retention_off", rule, hand, months=rule.months)
        rule.delete()


def _note(action: str, rule: Retention, hand: Hand, **facts: object) -> None:
    change = log.Change(action=action, subject=named(rule), facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)


def named(rule: Retention) -> str:
    """Return how the log calls what a rule is about."""
    return f"service {rule.service.name}" if rule.service else "all"


def takes(rule: Retention, *, now: datetime) -> Takes:
    """Say what a rule would take today, and take nothing; another that is narrower comes first."""
    found = _outlived(rule, now=now)
    within = {"conversation__in": found.values("pk")}
    files = Attachment.objects.filter(message__conversation__in=found.values("pk"))
    return Takes(
        conversations=found.count(),
        messages=Message.objects.filter(**within).count(),
        notes=Note.objects.filter(**within).count(),
        files=files.exclude(file="").count(),
        contacts=_without_more(found).count(),
    )


def _without_more(found: QuerySet[Conversation]) -> QuerySet[Contact]:
    """Return the contacts of conversations of whom nothing else is kept."""
    others = Conversation.objects.filter(contact=OuterRef("pk")).exclude(pk__in=found.values("pk"))
    rows = Contact.objects.filter(pk__in=found.values("contact_id"), forgotten_at__isnull=True)
    return rows.filter(~Exists(others.filter(_has_words())))


def _has_words() -> Exists:
    """Return whether anything that was said in a conversation is still there."""
    return Exists(Message.objects.filter(conversation=OuterRef("pk"), is_withdrawn=False))


def _outlived(rule: Retention, *, now: datetime) -> QuerySet[Conversation]:
    """Return what a rule is about that was closed so long ago and still has its words."""
    before = now - relativedelta(months=rule.months)
    over = Q(state="closed", closed_at__lt=before) | Q(state="unwanted", touched_at__lt=before)
    narrower = [one for one in Retention.objects.filter(is_on=True) if _is_within(one, rule)]
    rows = Conversation.objects.filter(over, _fits(rule), incoming_at__lt=before)
    for one in narrower:
        rows = rows.exclude(_fits(one))
    return rows.filter(_has_words())


def _fits(rule: Retention) -> Q:
    about = Q(service=rule.service_id) if rule.service_id else Q()
    return about & Q(kind=rule.kind) if rule.kind else about


def _is_within(one: Retention, rule: Retention) -> bool:
    """Whether a rule beats another where both fit: one of a service first, then one of a kind."""
    return one.pk != rule.pk and _narrowness(one) > _narrowness(rule)


def _narrowness(rule: Retention) -> tuple[bool, bool]:
    return rule.service_id is not None, bool(rule.kind)


def retain(*, home: Path, now: datetime) -> Takes:
    """Keep every rule that is on; return what went.

    A part at a time, each for good and in the log: a stop leaves the rest to the next day.
    """
    taken = Takes()
    for rule in Retention.objects.filter(is_on=True).select_related("service"):
        keys = list(_outlived(rule, now=now).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), AT_ONCE):
            taken += _take(rule, keys[start : start + AT_ONCE], home=home, now=now)
    return taken


def _take(rule: Retention, keys: Sequence[int], *, home: Path, now: datetime) -> Takes:
    """Take the words out of some conversations, and the names of whom nothing else is kept."""
    absorbed = Conversation.objects.filter(merged_into__in=keys).values_list("pk", flat=True)
    theirs = Theirs(contacts=(), conversations=(*keys, *absorbed))
    files = files_of(theirs)
    within = {"conversation__in": theirs.conversations}
    counted = Takes(
        conversations=len(keys),
        messages=Message.objects.filter(**within, is_withdrawn=False).count(),
        notes=Note.objects.filter(**within).count(),
        files=Attachment.objects.filter(message__conversation__in=theirs.conversations)
        .exclude(file="").count(),
    )  # fmt: skip
    with transaction.atomic():
        erase_words(theirs)
        counted += Takes(contacts=_erase_people(keys, now=now))
        erase_names(theirs, now=now)
        change = log.Change(action="inbox.retain", subject=named(rule), facts=asdict(counted))
        log.write([change], by=BY, at=now)
    for file in files:
        (home / file).unlink(missing_ok=True)
    return counted


def _erase_people(keys: Iterable[int], *, now: datetime) -> int:
    """Erase the names and handles of whom no word is kept any more; return how many people.

    They asked for nothing: they may write again, as anybody.
    """
    rows = Contact.objects.filter(conversations__in=keys, forgotten_at__isnull=True).distinct()
    gone = 0
    for contact in rows:
        whole = everything_of(contact)
        left = Conversation.objects.filter(pk__in=whole.conversations).filter(_has_words())
        if contact.merged_into_id is None and not left.exists():
            erase_names(Theirs(contacts=whole.contacts, conversations=()), now=now)
            gone += 1
    return gone
