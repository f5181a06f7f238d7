"""Giving a person what is kept of them, and erasing them: the counts stay, who it was does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from vigie.errors import InboxError
from vigie.inbox.contacts import seen_contact
from vigie.inbox.forgetting import Mark
from vigie.inbox.models import (
    AnswerLink,
    Arrival,
    Attachment,
    Contact,
    ContactMerge,
    Conversation,
    Draft,
    FaqDraft,
    Forgotten,
    FormerWords,
    Handle,
    Message,
    Note,
    Satisfaction,
    Sketch,
    Wording,
)
from vigie.inbox.payload_search import is_in, pattern_of, without
from vigie.inbox.safe_files import write_all
from vigie.inbox.sketching import may_speak_of
from vigie.inbox.visible import Eyes, visible
from vigie.register import log
from vigie.register.models import LogEntry
from vigie.register.rights import FORGET_CONTACTS, Author, require
from vigie.words import LANGUAGES, _, say

ERASED = _("Erased with the person it was about.")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What an erasure takes, in counts: shown before it, kept after it."""

    handles: int
    conversations: int
    messages: int
    notes: int
    files: int
    payloads: int
    redacted: int = 0
    """Payloads, those in quarantine too, that spoke of others as well: only theirs is taken."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """An erasure that took place: its receipt, and the entry of the log that holds it."""

    receipt: Receipt
    at: datetime
    by: str
    number: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """Contacts and conversations that lose names and words: all of a person, or what is old."""

    contacts: tuple[int, ...]
    conversations: tuple[int, ...]

    @property
    def messages(self) -> QuerySet[Message]:
        """Everything they said and were told."""
        return Message.objects.filter(conversation_id__in=self.conversations)


def everything_of(contact: Contact) -> Theirs:
    """Return a contact with those merged into it: one person has one erasure."""
    contacts = {contact.pk}
    while True:
        absorbed = set(
            Contact.objects.filter(merged_into__in=contacts).values_list("pk", flat=True)
        )
        if absorbed <= contacts:
            break
        contacts |= absorbed
    rows = Conversation.objects.filter(contact_id__in=contacts).values_list("pk", flat=True)
    return Theirs(contacts=tuple(sorted(contacts)), conversations=tuple(rows))


@dataclass(frozen=True, kw_only=True)
class _Spoken:
    """Payloads that speak of a person and became no message of theirs: quarantine, repetitions."""

    whole: tuple[Arrival, ...] = ()
    parts: tuple[tuple[Arrival, bytes], ...] = ()
    """Each with what is left of it."""


def _spoken(theirs: Theirs, home: Path) -> _Spoken:
    """Look for a person in the payloads that are still kept; opened for this alone.

    Opened are those whose sketch holds every word of a handle, and those that have none yet.
    """
    handles = Handle.objects.filter(contact_id__in=theirs.contacts)
    names = [name for pair in handles.values_list("address", "shown") for name in pair]
    person = pattern_of(names)
    if person is None:
        return _Spoken()
    whole: list[Arrival] = []
    parts: list[tuple[Arrival, bytes]] = []
    others = Arrival.objects.exclude(file="").exclude(pk__in=_payloads(theirs).values("pk"))
    for arrival in may_speak_of(names, others).iterator(chunk_size=500):
        try:
            body = (home / arrival.file).read_bytes()
        except FileNotFoundError:
            continue
        if not is_in(body, person):
            continue
        if left := without(body, person):
            parts.append((arrival, left))
        else:
            whole.append(arrival)
    return _Spoken(whole=tuple(whole), parts=tuple(parts))


def receipt_of(contact: Contact, *, home: Path) -> Receipt:
    """Say what an erasure would take, and take nothing."""
    theirs = everything_of(contact)
    return _receipt(theirs, _spoken(theirs, home))


def _receipt(theirs: Theirs, spoken: _Spoken) -> Receipt:
    within = {"conversation_id__in": theirs.conversations}
    files = Attachment.objects.filter(message__conversation_id__in=theirs.conversations)
    return Receipt(
        handles=Handle.objects.filter(contact_id__in=theirs.contacts).count(),
        conversations=len(theirs.conversations),
        messages=Message.objects.filter(**within).count(),
        notes=Note.objects.filter(**within).count(),
        files=files.exclude(file="").count(),
        payloads=_payloads(theirs).exclude(file="").count() + len(spoken.whole),
        redacted=len(spoken.parts),
    )


def _payloads(theirs: Theirs) -> QuerySet[Arrival]:
    return Arrival.objects.filter(
        pk__in=Message.objects.filter(conversation_id__in=theirs.conversations).values("arrival_id")
    )


def forget(contact: Contact, *, eyes: Eyes, mark: Mark, home: Path, now: datetime) -> Receipt:
    """Erase a person everywhere in the inbox and return the receipt.

    Their words, ours to them, notes, files and payloads go; that they wrote, when, and how soon
    they were answered stays, under no name. Their handles are kept as keyed hashes alone, so that
    what they wrote until now is refused when it comes in again.
    """
    require(eyes.author, FORGET_CONTACTS)
    if contact.forgotten_at is not None:
        raise InboxError(_("This contact was erased already."))
    theirs = everything_of(contact)
    spoken = _spoken(theirs, home)
    receipt, files = _receipt(theirs, spoken), files_of(theirs)
    files += [arrival.file for arrival in spoken.whole]
    with transaction.atomic():
        _keep_marks(theirs, mark, receipt, by=eyes.author, now=now)
        _erase_keys(theirs)
        erase_words(theirs)
        _let_go(spoken.whole, now=now)
        Sketch.objects.filter(arrival__in=[arrival.pk for arrival, _left in spoken.parts]).delete()
        erase_names(theirs, now=now)
        change = log.Change(
            action="contact.forget", subject=f"contact {contact.pk}", facts=asdict(receipt)
        )
        log.write([change], by=eyes.author, at=now)
    for arrival, left in spoken.parts:
        path = Path(arrival.file)
        write_all(home / path.parent, {path.name: left})
    for file in files:
        (home / file).unlink(missing_ok=True)
    return receipt


def _let_go(arrivals: Sequence[Arrival], *, now: datetime) -> None:
    """Let go of payloads; what waited or could not be read is left aside for good."""
    rows = Arrival.objects.filter(pk__in=[one.pk for one in arrivals])
    rows.update(file="")
    Sketch.objects.filter(arrival__in=rows).delete()
    said = {language: say(ERASED, language) for language in LANGUAGES}
    rows.filter(state="refused").update(
        state="ignored", reason=said, ignored=F("ignored") + F("refused"), refused=0, handled_at=now
    )
    rows.filter(state="waiting").update(
        state="ignored", reason=said, seen=1, ignored=1, handled_at=now
    )


def erased(contact: Contact, *, by: Author) -> Erased | None:
    """Return the erasure of a contact with its receipt; none: it was not erased."""
    require(by, FORGET_CONTACTS)
    entries = LogEntry.objects.filter(action="contact.forget", subject=f"contact {contact.pk}")
    entry = entries.order_by("-number").first()
    if entry is None or contact.forgotten_at is None:
        return None
    return Erased(
        receipt=Receipt(**entry.facts),
        at=entry.at,
        by=entry.by,
        number=entry.number,
        digest=entry.digest,
    )


def files_of(theirs: Theirs) -> list[str]:
    """Return the files that nobody else needs."""
    own = Attachment.objects.filter(message__conversation_id__in=theirs.conversations)
    names = set(own.exclude(file="").values_list("file", flat=True))
    shared = Attachment.objects.filter(file__in=names).exclude(
        message__conversation_id__in=theirs.conversations
    )
    names -= set(shared.values_list("file", flat=True))
    return [*names, *_payloads(theirs).exclude(file="").values_list("file", flat=True)]


def _keep_marks(theirs: Theirs, mark: Mark, receipt: Receipt, *, by: Author, now: datetime) -> None:
    for handle in Handle.objects.filter(contact_id__in=theirs.contacts):
        Forgotten.objects.update_or_create(
            mark=mark(handle.network, handle.address),
            defaults={"at": now, "by": by.name, "receipt": asdict(receipt)},
        )


def erase_words(theirs: Theirs) -> None:
    """Take every word, note and draft out of conversations; files are for ``files_of``."""
    within = {"conversation_id__in": theirs.conversations}
    _payloads(theirs).update(file="", reason=None)
    Sketch.objects.filter(arrival__in=_payloads(theirs)).delete()
    Attachment.objects.filter(message__conversation_id__in=theirs.conversations).delete()
    FormerWords.objects.filter(message__conversation_id__in=theirs.conversations).delete()
    Message.objects.filter(**within).update(
        words="", url="", facts={}, failure=None, is_withdrawn=True
    )
    Wording.objects.filter(**within).delete()
    Note.objects.filter(**within).delete()
    Draft.objects.filter(**within).delete()
    AnswerLink.objects.filter(**within).delete()
    Satisfaction.objects.filter(**within).update(words="")
    for draft in FaqDraft.objects.all():
        kept = [pk for pk in draft.conversations if pk not in theirs.conversations]
        if kept != draft.conversations:
            FaqDraft.objects.filter(pk=draft.pk).update(conversations=kept)


def _erase_keys(theirs: Theirs) -> None:
    """Take out what a network calls their messages: it names them, or leads to them.

    What they wrote is refused by their mark when it comes in again; what others wrote, by its key.
    """
    said = Message.objects.filter(handle__contact_id__in=theirs.contacts, direction="in")
    said.update(key=_nameless(), answers_to="")
    Message.objects.filter(conversation_id__in=theirs.conversations, direction="out").update(
        answers_to=""
    )


def _nameless() -> Concat:
    """Return a name that says nothing, another one for each row."""
    return Concat(Value("erased:"), Cast("pk", CharField()))


def erase_names(theirs: Theirs, *, now: datetime) -> None:
    """Take names and handles out of contacts, and subjects out of conversations.

    The name of a matter names its people on many a network, and leads what they write anew into a
    conversation that nobody can erase once more: it goes too.
    """
    Conversation.objects.filter(pk__in=theirs.conversations).update(subject="", post=None)
    Conversation.objects.filter(contact_id__in=theirs.contacts).update(thread=_nameless())
    Handle.objects.filter(contact_id__in=theirs.contacts).delete()
    ContactMerge.objects.filter(survivor_id__in=theirs.contacts).update(before={}, reasons=[])
    Contact.objects.filter(pk__in=theirs.contacts).update(
        name="", sought="", language="", tags=[], consent="unknown", forgotten_at=now
    )


def export(contact: Contact, *, eyes: Eyes, now: datetime) -> Mapping[str, object]:
    """Return everything that is kept of a person, for that person; the log says it was asked.

    Conversations with a service these eyes do not see into are left out and counted: whoever
    answers for that service gives them.
    """
    require(eyes.author, FORGET_CONTACTS)
    theirs = everything_of(seen_contact(contact.pk, eyes))
    every = Conversation.objects.filter(pk__in=theirs.conversations)
    own = tuple(visible(eyes, every).values_list("pk", flat=True))
    seen = replace(theirs, conversations=own)
    withheld = len(theirs.conversations) - len(own)
    facts = {"conversations": len(own), "withheld": withheld}
    change = log.Change(action="contact.export", subject=f"contact {contact.pk}", facts=facts)
    log.write([change], by=eyes.author, at=now)
    return {**_exported(seen), "withheld": withheld}


def _exported(theirs: Theirs) -> dict[str, list[dict[str, object]]]:
    within = {"message__conversation_id__in": theirs.conversations}
    return {
        "contact": _plain(Contact.objects.filter(pk__in=theirs.contacts), "name", "language",
                          "tags", "consent", "created_at", "seen_at"),
        "handles": _plain(Handle.objects.filter(contact_id__in=theirs.contacts), "network",
                          "address", "shown"),
        "conversations": _plain(Conversation.objects.filter(pk__in=theirs.conversations), "id",
                                "kind", "subject", "language", "state", "opened_at", "closed_at",
                                "service__name"),
        "messages": _plain(theirs.messages.order_by("said_at", "id"), "conversation_id",
                           "direction", "words", "url", "said_at", "state"),
        "former_words": _plain(FormerWords.objects.filter(**within), "message__conversation_id",
                               "words", "at"),
        "files": _plain(Attachment.objects.filter(**within), "message__conversation_id", "name",
                        "media_type", "size", "digest", "file"),
        "satisfaction": _plain(
            Satisfaction.objects.filter(conversation_id__in=theirs.conversations),
            "conversation_id", "asked_at", "score", "words", "answered_at"),
    }  # fmt: skip


def _plain(rows, *names: str) -> list[dict[str, object]]:  # type: ignore[no-untyped-def]  # any QuerySet
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows.values(*names)
    ]
