"""What people change about contacts: what is known of one, merging two, and undoing it exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.dateparse import parse_datetime

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.looking_up import seen_by, sought
from vigie.inbox.models import Contact, ContactMerge, Conversation, Handle
from vigie.inbox.models.contacts import CONSENTS
from vigie.inbox.searching import note_words_of
from vigie.inbox.visible import Eyes
from vigie.register import log
from vigie.register.rights import ANSWER_INBOX, require
from vigie.words import LANGUAGES, Words, _, say

FIELDS = ("name", "language", "tags", "consent")
"""What people may change of a contact."""
STRICTEST_FIRST = ("refused", "unknown", "given")
LONGEST_NAME, LONGEST_TAG, MOST_TAGS = 200, 40, 20


def seen_contact(pk: int, eyes: Eyes) -> Contact:
    """Return a contact these eyes may see; for them, any other does not exist."""
    contact = seen_by(eyes).filter(pk=pk).first()
    if contact is None:
        raise InboxError(_("There is no such contact, or you may not see it."))
    return contact


def may_change(contact: Contact, eyes: Eyes) -> bool:
    """Whether these eyes may change a contact: who answers one of its conversations may."""
    if eyes.author.may(ANSWER_INBOX):
        return seen_by(eyes).filter(pk=contact.pk).exists()
    own = eyes.services_with(ANSWER_INBOX)
    return bool(own) and contact.conversations.filter(service_id__in=own).exists()


def require_change(contact: Contact, hand: Hand) -> None:
    """Refuse whoever answers none of a contact's conversations."""
    if not hand.eyes.services_with(ANSWER_INBOX):
        require(hand.eyes.author, ANSWER_INBOX)
    if not may_change(seen_contact(contact.pk, hand.eyes), hand.eyes):
        require(hand.eyes.author, ANSWER_INBOX)


def put(contact: Contact, changes: Mapping[str, object], *, hand: Hand) -> Contact:
    """Change what is known of a contact."""
    require_change(contact, hand)
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown or changes.get("consent", "unknown") not in CONSENTS:
        raise InboxError(_("This cannot be changed of a contact: {names}.",
                           names=", ".join(unknown) or "consent"))  # fmt: skip
    with transaction.atomic():
        row = _locked(contact.pk, hand.eyes)
        for name, value in fitting(changes).items():
            setattr(row, name, value)
        row.sought = _sought(row)
        row.save(update_fields=[*changes, "sought"])
        note_words_of([row.pk])
        write("contact.put", row, hand, changed=sorted(changes))
    return row


def fitting(changes: Mapping[str, object]) -> dict[str, object]:
    """Return changes as they are kept: tags once each, in order, none too long."""
    fit = dict(changes)
    if "name" in changes:
        fit["name"] = str(changes["name"]).strip()[:LONGEST_NAME]
    if "tags" in changes:
        given = changes["tags"]
        tags = {str(tag).strip()[:LONGEST_TAG] for tag in given if str(tag).strip()}  # type: ignore[attr-defined]  # a list of words
        fit["tags"] = sorted(tags)[:MOST_TAGS]
    return fit


def _sought(contact: Contact) -> str:
    handles = contact.handles.values_list("address", "shown")
    return sought(contact.name, *(text for both in handles for text in both))


def merge(
    survivor: Contact, absorbed: Contact, *, hand: Hand, reasons: Sequence[Words] = ()
) -> ContactMerge:
    """Make two contacts one; a person chose which one survives. ``undo`` gives back the start."""
    for one in (survivor, absorbed):
        require_change(one, hand)
    if survivor.pk == absorbed.pk:
        raise InboxError(_("Choose two different contacts."))
    with transaction.atomic():
        first, second = (_locked(one.pk, hand.eyes) for one in (survivor, absorbed))
        made = ContactMerge.objects.create(
            survivor=first,
            absorbed=second,
            before={"survivor": _state(first), "absorbed": _state(second)},
            reasons=[{name: say(why, name) for name in LANGUAGES} for why in reasons],
            by=hand.eyes.author.name,
            at=hand.now,
        )
        Handle.objects.filter(contact=second).update(contact=first)
        Conversation.objects.filter(contact=second).update(contact=first)
        second.merged_into = first
        second.save(update_fields=["merged_into"])
        _join(first, second)
        note_words_of([first.pk])
        write("contact.merge", first, hand, absorbed=second.pk)
    return made


def _locked(pk: int, eyes: Eyes) -> Contact:
    return Contact.objects.select_for_update().get(pk=seen_contact(pk, eyes).pk)


def joined(survivor: Contact, absorbed: Contact) -> Mapping[str, object]:
    """Return what is known of the survivor after a merge: what it lacks is given to it.

    Of two consents the stricter one counts: a refusal, then one that was not asked.
    """
    consents = (survivor.consent, absorbed.consent)
    strictest = next(one for one in STRICTEST_FIRST if one in consents)
    return {
        "name": survivor.name or absorbed.name,
        "language": survivor.language or absorbed.language,
        "tags": sorted({*survivor.tags, *absorbed.tags}),
        "consent": strictest,
    }


def _join(first: Contact, second: Contact) -> None:
    for name, value in joined(first, second).items():
        setattr(first, name, value)
    first.seen_at = max(first.seen_at, second.seen_at)
    first.sought = _sought(first)
    first.save()


def _state(contact: Contact) -> dict[str, object]:
    return {
        **{name: getattr(contact, name) for name in FIELDS},
        "seen_at": contact.seen_at.isoformat(),
        "handles": sorted(contact.handles.values_list("pk", flat=True)),
        "conversations": sorted(contact.conversations.values_list("pk", flat=True)),
    }


def undo(merged: ContactMerge, *, hand: Hand) -> None:
    """Give back both contacts exactly as they were.

    What came in since goes to whoever's handle wrote it. Merges are undone in turn, the last one
    first, so that each finds what it left.
    """
    require_change(merged.survivor, hand)
    with transaction.atomic():
        row = ContactMerge.objects.select_for_update().get(pk=merged.pk)
        _require_last(row)
        survivor = _locked(row.survivor_id, hand.eyes)
        absorbed = Contact.objects.select_for_update().get(pk=row.absorbed_id)
        handles = row.before["absorbed"]["handles"]
        Handle.objects.filter(pk__in=handles).update(contact=absorbed)
        known = {*row.before["survivor"]["conversations"], *row.before["absorbed"]["conversations"]}
        since = Conversation.objects.filter(contact=survivor, messages__handle_id__in=handles)
        new = set(since.exclude(pk__in=known).values_list("pk", flat=True))
        own = {*row.before["absorbed"]["conversations"], *new}
        Conversation.objects.filter(pk__in=own).update(contact=absorbed)
        for contact, side in ((survivor, "survivor"), (absorbed, "absorbed")):
            _restore(contact, row.before[side])
        absorbed.merged_into = None
        absorbed.save(update_fields=["merged_into"])
        note_words_of([survivor.pk, absorbed.pk])
        ContactMerge.objects.filter(pk=row.pk).update(undone_at=hand.now)
        write("contact.undo_merge", survivor, hand, absorbed=absorbed.pk)


def _require_last(row: ContactMerge) -> None:
    if row.undone_at is not None:
        raise InboxError(_("This merge was undone already."))
    touching = {row.survivor_id, row.absorbed_id}
    later = ContactMerge.objects.filter(undone_at__isnull=True, pk__gt=row.pk)
    if any({one.survivor_id, one.absorbed_id} & touching for one in later):
        raise InboxError(_("Undo the later merges of these contacts first."))
    if Contact.objects.filter(pk__in=touching, forgotten_at__isnull=False).exists():
        raise InboxError(_("One of these contacts was erased: there is nothing to give back."))


def _restore(contact: Contact, before: Mapping[str, object]) -> None:
    for name in FIELDS:
        setattr(contact, name, before[name])
    seen_at: datetime | None = parse_datetime(str(before["seen_at"]))
    contact.seen_at = seen_at or contact.seen_at
    contact.sought = _sought(contact)
    contact.save(update_fields=[*FIELDS, "seen_at", "sought"])


def write(action: str, contact: Contact, hand: Hand, **facts: object) -> None:
    """Write a change of a contact in the log: what was done, never who it was."""
    change = log.Change(action=action, subject=f"contact {contact.pk}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)
