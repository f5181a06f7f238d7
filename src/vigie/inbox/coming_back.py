"""What was known of conversations of the past, put back: whom they were with, topics and notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from vigie.errors import InboxError
from vigie.inbox.admission import Office
from vigie.inbox.channel import Incoming
from vigie.inbox.contacts import fitting, joined
from vigie.inbox.forgetting import Mark
from vigie.inbox.looking_up import sought
from vigie.inbox.models import Contact, Conversation, Forgotten, Handle, Note, Topic
from vigie.inbox.models.choices import URGENCIES
from vigie.inbox.models.contacts import CONSENTS
from vigie.inbox.past import Past, PastContact
from vigie.inbox.searching import note_words_of
from vigie.register.models import Person, Service
from vigie.words import _

Key = tuple[str, str]
"""Network and address."""


def marks_of(message: Incoming, mark: Mark) -> set[str]:
    """Return the marks of whoever wrote a message, under every handle that is told of them."""
    author = message.author
    told = message.past.contact.handles if message.past else ()
    return {mark(author.network, author.address), *(mark(one[0], one[1]) for one in told)}


def known_again(messages: Iterable[Incoming], office: Office) -> None:
    """Tell contacts what was known of them where they wrote before; who is new has their handles.

    Nobody is joined to anybody by it: a handle that is somebody's here stays theirs.
    """
    people = list({id(one.past): one.past.contact for one in messages if one.past}.values())
    if not people:
        return
    handles = _handles(people)
    for person in people:
        keys = [(network, address) for network, address, _shown in person.handles]
        known = next((handles[key] for key in keys if key in handles), None)
        if known is None:
            handles |= _met(person, office)
        else:
            _tell(known.merged_into or known, person)


def _handles(people: Iterable[PastContact]) -> dict[Key, Contact]:
    told = [handle for person in people for handle in person.handles]
    rows = Handle.objects.filter(
        network__in={one[0] for one in told}, address__in={one[1] for one in told}
    )
    rows = rows.select_related("contact__merged_into")
    return {(row.network, row.address): row.contact for row in rows}


def _met(person: PastContact, office: Office) -> dict[Key, Contact]:
    """Make a contact with the handles it had, but for those of someone erased here."""
    marks = {office.mark(network, address) for network, address, _shown in person.handles}
    gone = set(Forgotten.objects.filter(mark__in=marks).values_list("mark", flat=True))
    told = [one for one in person.handles if office.mark(one[0], one[1]) not in gone]
    if not told:
        return {}
    contact = Contact.objects.create(
        **fitting(_known(person)),
        sought=sought(person.name, *(text for one in told for text in one[1:])),
        created_at=office.now,
        seen_at=office.now,
    )
    Handle.objects.bulk_create(
        [
            Handle(contact=contact, network=network, address=address, shown=shown)
            for network, address, shown in told
        ]
    )
    return {(network, address): contact for network, address, _shown in told}


def _known(person: PastContact) -> dict[str, object]:
    consent = person.consent if person.consent in CONSENTS else "unknown"
    return {"name": person.name, "language": person.language, "tags": person.tags,
            "consent": consent}  # fmt: skip


def _tell(contact: Contact, person: PastContact) -> None:
    """Give a contact what it lacks, as joining two contacts does: the stricter consent counts."""
    before = {name: getattr(contact, name) for name in ("name", "language", "tags", "consent")}
    after = fitting(joined(contact, Contact(**_known(person))))
    if after == before:
        return
    for name, value in after.items():
        setattr(contact, name, value)
    handles = contact.handles.values_list("address", "shown")
    contact.sought = sought(contact.name, *(text for both in handles for text in both))
    contact.save(update_fields=[*after, "sought"])
    if contact.name != before["name"]:
        note_words_of([contact.pk])


def restored(
    opened: Iterable[Conversation], firsts: Mapping[int, Incoming], office: Office
) -> None:
    """Give conversations that begin with these messages their topic, urgency and close again."""
    told = [(row, firsts[id(row)]) for row in opened]
    pasts = [(row, first, first.past) for row, first in told if first.past]
    if not pasts:
        return
    services = Service.objects.in_bulk({row.service_id for row, _first, _past in pasts} - {None})
    topics: dict[tuple[int, str], Topic] = {}
    for row, first, past in pasts:
        service = services.get(row.service_id or 0)
        _require_confidential(past, service)
        row.urgency = past.urgency if past.urgency in URGENCIES else row.urgency
        if row.closed_at is not None and past.closed_at is not None:
            row.closed_at = max(row.closed_at, min(past.closed_at, office.now))
            row.touched_at = row.closed_at
        if past.topic and service is not None and service.slug == first.service:
            key = service.pk, past.topic
            topics[key] = topics.get(key) or _topic(service, past.topic)
            row.topic = topics[key]


def _require_confidential(past: Past, service: Service | None) -> None:
    """Put aside what was asked in confidence where everybody would see it."""
    if past.is_confidential and not (service and service.is_confidential):
        raise InboxError(
            _(
                "It was asked of a confidential service, which is not here any more: everybody "
                "could read it. Put the service back, then read this again."
            )
        )


def _topic(service: Service, name: str) -> Topic:
    own = Topic.objects.filter(service=service)
    known = own.filter(name=name).first() or own.filter(name__iexact=name).first()
    return known or Topic.objects.create(service=service, name=name)


def seen_then(said: Iterable[tuple[int, datetime]], office: Office) -> None:
    """Say of contacts that they wrote when they did: what is past is no sign of them today."""
    latest: dict[int, datetime] = {}
    for contact, at in said:
        latest[contact] = max(latest.get(contact, at), at)
    if not latest:
        return
    rows = list(Contact.objects.filter(pk__in=latest))
    for row in rows:
        is_new = row.created_at == row.seen_at == office.now
        row.seen_at = latest[row.pk] if is_new else max(row.seen_at, latest[row.pk])
    Contact.objects.bulk_update(rows, ["seen_at"])


def notes_again(opened: Sequence[Conversation], firsts: Mapping[int, Incoming]) -> None:
    """Put back what colleagues noted; whose name two people have, or nobody here, signs below."""
    told = [(row, past.notes) for row in opened if (past := firsts[id(row)].past)]
    names = {note.by for _row, notes in told for note in notes}
    if not names:
        return
    people = list(Person.objects.filter(name__in=names - {""}))
    counts = Counter(person.name for person in people)
    known = {person.name: person for person in people if counts[person.name] == 1}
    Note.objects.bulk_create(
        Note(
            conversation=row,
            words=note.words if note.by in known or not note.by else f"{note.words}\n— {note.by}",
            by=known.get(note.by),
            at=note.at,
        )
        for row, notes in told
        for note in notes
    )
