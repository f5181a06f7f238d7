"""What people change about contacts: what is known of one, merging two, and undoing it exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.dateparse import parse_datetime

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.models import Contact, ContactMerge, Conversation, Handle, Message
from vigie.inbox.models.contacts import CONSENTS
from vigie.inbox.pairs import Known, Pair, suggested
from vigie.inbox.visible import Eyes, visible
from vigie.register import log
from vigie.register.rights import ANSWER_INBOX, require
from vigie.words import LANGUAGES, Words, _, say

FIELDS = ("name", "language", "tags", "consent")
"""What people may change of a contact."""
MOST_COMPARED = 5_000
"""Contacts, those who wrote last, among which pairs are looked for."""
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def visible_contacts(eyes: Eyes) -> QuerySet[Contact]:
    """Return the contacts of the conversations that these eyes may see."""
    seen = visible(eyes).values("contact_id")
    return Contact.objects.filter(pk__in=seen, merged_into__isnull=True)


def seen_contact(pk: int, eyes: Eyes) -> Contact:
    """Return a contact these eyes may see; for them, any other does not exist."""
    contact = visible_contacts(eyes).filter(pk=pk).first()
    if contact is None:
        raise InboxError(_("There is no such contact, or you may not see it."))
    return contact


def put(contact: Contact, changes: Mapping[str, object], *, hand: Hand) -> Contact:
    """Change what is known of a contact."""
    require(hand.eyes.author, ANSWER_INBOX)
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown or changes.get("consent", "unknown") not in CONSENTS:
        raise InboxError(_("This cannot be changed of a contact: {names}.",
                           names=", ".join(unknown) or "consent"))  # fmt: skip
    with transaction.atomic():
        row = Contact.objects.select_for_update().get(pk=seen_contact(contact.pk, hand.eyes).pk)
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(update_fields=list(changes))
        _write("contact.put", row, hand, changed=sorted(changes))
    return row


def pairs(eyes: Eyes) -> list[Pair]:
    """Return pairs of contacts that may be one person, among those who wrote last."""
    recent = visible_contacts(eyes).filter(forgotten_at__isnull=True)[:MOST_COMPARED]
    last = Message.objects.filter(direction="in", words__contains="@").order_by("-said_at")
    rows = recent.prefetch_related(
        Prefetch("handles", queryset=Handle.objects.prefetch_related(
            Prefetch("messages", queryset=last, to_attr="with_addresses")))
    )  # fmt: skip
    return suggested(_known(row) for row in rows)


def _known(row: Contact) -> Known:
    handles = list(row.handles.all())
    own = {handle.address.casefold() for handle in handles}
    written = {
        mail.casefold()
        for handle in handles
        for message in handle.with_addresses[:5]  # type: ignore[attr-defined]  # prefetched
        for mail in MAIL.findall(message.words)
    }
    return Known(
        contact=row.pk,
        name=row.name,
        handles=tuple((one.network, one.address, one.shown) for one in handles),
        mentioned=tuple(sorted(written - own)),
    )


def merge(
    survivor: Contact, absorbed: Contact, *, hand: Hand, reasons: Sequence[Words] = ()
) -> ContactMerge:
    """Make two contacts one; a person chose which one survives. ``undo`` gives back the start."""
    require(hand.eyes.author, ANSWER_INBOX)
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
        _write("contact.merge", first, hand, absorbed=second.pk)
    return made


def _locked(pk: int, eyes: Eyes) -> Contact:
    return Contact.objects.select_for_update().get(pk=seen_contact(pk, eyes).pk)


def _join(first: Contact, second: Contact) -> None:
    """Give the survivor what it lacks; of two consents the stricter one counts."""
    first.name = first.name or second.name
    first.language = first.language or second.language
    first.tags = sorted({*first.tags, *second.tags})
    if "refused" in (first.consent, second.consent):
        first.consent = "refused"
    first.seen_at = max(first.seen_at, second.seen_at)
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
    require(hand.eyes.author, ANSWER_INBOX)
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
        ContactMerge.objects.filter(pk=row.pk).update(undone_at=hand.now)
        _write("contact.undo_merge", survivor, hand, absorbed=absorbed.pk)


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
    contact.save(update_fields=[*FIELDS, "seen_at"])


def _write(action: str, contact: Contact, hand: Hand, **facts: object) -> None:
    change = log.Change(action=action, subject=f"contact {contact.pk}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)
