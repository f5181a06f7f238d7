"""What people change in the notebook of practices: checks the right, writes the log, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vigie.culture import practice as rules
from vigie.culture.models import Practice, Step
from vigie.culture.practice import FIELDS, PERSON, SPOTTED, Draft
from vigie.errors import CultureError
from vigie.register import log
from vigie.register.rights import WRITE_CULTURE, Author, require
from vigie.words import _


def note(draft: Draft, *, by: Author, post: str = "", at: datetime | None = None) -> Practice:
    """Note a practice; one that was seen in a post is noted once."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        known = Practice.objects.filter(network=draft.network, post=post).first() if post else None
        if known is not None:
            return known
        row = Practice(
            post=post, noted_by=by.name, noted_at=moment, changed_at=moment, **_kept(draft, moment)
        )
        row.save()
        Step.objects.create(practice=row, state=SPOTTED, at=moment, by=by.name)
        _log("practice.note", row, {}, by=by, at=moment)
    return row


def describe(number: int, draft: Draft, *, by: Author, at: datetime | None = None) -> Practice:
    """Write a practice anew; where it was seen in a post, that stays."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _practice(number)
        kept = _kept(replace(draft, network=row.network) if row.post else draft, moment)
        changed = sorted(name for name in FIELDS if getattr(row, name) != kept[name])
        if not changed:
            return row
        for name in changed:
            setattr(row, name, kept[name])
        row.changed_at = moment
        row.save()
        # Which fields, never what they say: the log is kept for good, and a name must not be.
        _log("practice.describe", row, {"fields": changed}, by=by, at=moment)
    return row


def move_on(number: int, *, by: Author, at: datetime | None = None) -> Practice:
    """Move a practice to its next state; ``CultureError`` says what is to be written first."""
    require(by, WRITE_CULTURE)
    with transaction.atomic():
        row = _practice(number)
        state = rules.next_state(row.state)
        if state is None:
            raise CultureError(_("This practice is reused: there is no state after that."))
        lacks = rules.lacking(row.draft, state)
        if lacks is not None:
            raise CultureError(lacks[1])
        return _enter(row, state, by=by, at=at or timezone.now())


def move_back(number: int, *, by: Author, at: datetime | None = None) -> Practice:
    """Move a practice back to the state before: it was moved on too early."""
    require(by, WRITE_CULTURE)
    with transaction.atomic():
        row = _practice(number)
        state = rules.state_before(row.state)
        if state is None:
            raise CultureError(_("This practice was only spotted: there is no state before that."))
        return _enter(row, state, by=by, at=at or timezone.now())


def forget_person(number: int, *, by: Author, at: datetime | None = None) -> Practice:
    """Erase the person a practice names: they no longer agree."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _practice(number)
        if row.owner_kind != PERSON:
            raise CultureError(_("This practice names no person: there is nobody to forget."))
        row.owner_kind = row.owner = row.consent = ""
        row.consented_on, row.changed_at = None, moment
        row.save()
        _log("practice.forget_person", row, {}, by=by, at=moment)
    return row


def erase(number: int, *, by: Author, at: datetime | None = None) -> None:
    """Take a practice out of the notebook for good."""
    require(by, WRITE_CULTURE)
    with transaction.atomic():
        row = _practice(number)
        _log("practice.erase", row, {"state": row.state}, by=by, at=at or timezone.now())
        row.delete()


def _kept(draft: Draft, moment: datetime) -> dict[str, object]:
    for words in rules.mistakes_of(draft, today=moment.date()).values():
        raise CultureError(words)
    named = draft if draft.owner_kind == PERSON else replace(draft, consent="", consented_on=None)
    return {name: getattr(named, name) for name in FIELDS}


def _enter(row: Practice, state: str, *, by: Author, at: datetime) -> Practice:
    before, row.state, row.changed_at = row.state, state, at
    row.save(update_fields=["state", "changed_at"])
    Step.objects.create(practice=row, state=state, at=at, by=by.name)
    _log("practice.state", row, {"from": before, "to": state}, by=by, at=at)
    return row


def _practice(number: int) -> Practice:
    try:
        return Practice.objects.select_for_update().get(pk=number)
    except Practice.DoesNotExist as error:
        raise CultureError(
            _("This practice is no longer in the notebook. Look at the list again.")
        ) from error


def _log(
    action: str, row: Practice, facts: Mapping[str, object], *, by: Author, at: datetime
) -> None:
    change = log.Change(action=action, subject=f"practice {row.pk}", facts=facts)
    log.write([change], by=by, at=at)
