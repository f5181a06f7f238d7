"""Messages that were read become conversations: whose they are, which they join, where they go.

Many are admitted at once, in one transaction, with as many questions to the database as one takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from vigie.inbox.admission import Admitted, Came, Office
from vigie.inbox.answering_mail import divert
from vigie.inbox.assigning import routed
from vigie.inbox.catching_up import catch_up
from vigie.inbox.channel import Author, Incoming, PublicPost
from vigie.inbox.colleagues import found_again
from vigie.inbox.coming_back import known_again, marks_of, notes_again, restored, seen_then
from vigie.inbox.enclosures import come_with
from vigie.inbox.history_again import history_again
from vigie.inbox.looking_up import sought
from vigie.inbox.mending import mended
from vigie.inbox.models import (
    Attachment,
    Box,
    Contact,
    Conversation,
    Forgotten,
    Handle,
    Message,
    Passage,
    Suggestion,
)
from vigie.inbox.open_again import entrusted_again, stand_again, told_already
from vigie.inbox.owing import is_owed, settle
from vigie.inbox.past import PastPerson
from vigie.inbox.searching import note_words
from vigie.inbox.understanding import Understood
from vigie.inbox.unwanted import put_aside
from vigie.register.models import Person
from vigie.words import LANGUAGES, Words, say

MOST_AT_ONCE = 500
NEVER = datetime.min.replace(tzinfo=UTC)
Key = tuple[str, str]
"""Network and address."""


def admit(box: Box, came: Sequence[Came], office: Office) -> Admitted:
    """Take messages in, oldest first. To be called inside a transaction."""
    done = Admitted()
    dated = [_dated(one, office.now) for one in came]
    fresh = _fresh_ones(box, dated, office, done)
    new = _new_ones(box, sorted(fresh, key=_in_turn), office, done)
    new = divert(new, office, done)
    known_again([one.message for one in new], office)
    handles = _handles(_authors(new), office)
    known = _conversations(box, [one.message for one in new])
    understood = dict(
        zip((one.message.key for one in new),
            office.understand([one.message.words for one in new]), strict=True)
    )  # fmt: skip
    rows: list[tuple[Came, Conversation]] = []
    for one in new:
        conversation = _belongs(one.message, known) or _opened(
            box, one.message, handles, understood[one.message.key], office, done
        )
        if conversation is None:
            done.ignored.append(one.arrival.pk)
            continue
        # Its own key too: what answers it may come with it, after an outage above all.
        for name in (one.message.thread, *one.message.also_threads, one.message.key):
            known.setdefault(name, conversation)
        _continue(conversation, one.message, box, office)
        rows.append((one, conversation))
        done.kept.append(one.arrival.pk)
    _save(rows, handles, understood, office, done)
    catch_up(box, [one.message for one in came], done.opened, office)
    return done


def _in_turn(one: Came) -> tuple[datetime, bool]:
    """Return the order in which messages are taken in: of one moment, the question comes first."""
    return one.message.said_at, one.message.is_ours


def _authors(came: Iterable[Came]) -> list[Author]:
    """Return those outside who wrote, or, in what is past, were written to."""
    messages = (one.message for one in came)
    return [one.author for one in messages if one.is_past or not one.is_ours]


def _dated(one: Came, now: datetime) -> Came:
    """Return a message that was not written later than it came: clocks of senders go wrong."""
    if one.message.said_at <= now:
        return one
    return replace(one, message=replace(one.message, said_at=now))


def _fresh_ones(box: Box, came: Sequence[Came], office: Office, done: Admitted) -> list[Came]:
    """Leave out news of messages that are known, and what was taken down before it came."""
    news = mended(box, [one.message for one in came], now=office.now)
    done.kept += [came[place].arrival.pk for place in news.changed]
    done.duplicate += [came[place].arrival.pk for place in news.repeated]
    done.ignored += [came[place].arrival.pk for place in news.withdrawn]
    return [replace(came[place], message=message) for place, message in news.fresh.items()]


def _new_ones(box: Box, came: Sequence[Came], office: Office, done: Admitted) -> list[Came]:
    """Leave out what is known already, and what someone wrote before being forgotten.

    Who writes anew after that is answered like any stranger.
    """
    keys = [one.message.key for one in came]
    seen = set(Message.objects.filter(box=box, key__in=keys).values_list("key", flat=True))
    marks = [marks_of(one.message, office.mark) for one in came]
    named = Forgotten.objects.filter(mark__in=set().union(*marks))
    gone = dict(named.values_list("mark", "at"))
    new = []
    for one, theirs in zip(came, marks, strict=True):
        if one.message.key in seen:
            done.duplicate.append(one.arrival.pk)
        elif one.message.said_at <= max(gone.get(mark, NEVER) for mark in theirs):
            done.ignored.append(one.arrival.pk)
        else:
            seen.add(one.message.key)
            new.append(one)
    return new


def _handles(authors: Iterable[Author], office: Office) -> dict[Key, Handle]:
    """Return the handle of every author; who is new becomes a contact."""
    wanted = {(author.network, author.address): author for author in authors}
    rows = Handle.objects.filter(
        network__in={network for network, _address in wanted},
        address__in={address for _network, address in wanted},
    ).select_related("contact__merged_into")
    found = {(row.network, row.address): row for row in rows}
    strangers = [author for key, author in wanted.items() if key not in found]
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                name=author.name,
                sought=sought(author.name, author.address, author.shown),
                created_at=office.now,
                seen_at=office.now,
            )
            for author in strangers
        ]
    )
    new = Handle.objects.bulk_create(
        [
            Handle(
                contact=contact, network=author.network, address=author.address, shown=author.shown
            )
            for contact, author in zip(contacts, strangers, strict=True)
        ]
    )
    return found | {(row.network, row.address): row for row in new}


def _conversations(box: Box, messages: Iterable[Incoming]) -> dict[str, Conversation]:
    """Return the conversations these messages may belong to, by every name of theirs."""
    names = {name for one in messages for name in (one.thread, *one.also_threads)}
    rows = Conversation.objects.filter(box=box, thread__in=names)
    found = {
        row.thread: row.merged_into or row
        for row in rows.select_related("box", "contact", "merged_into__box")
    }
    # What answers a form goes out by a mailbox, and what is written back comes in there.
    forms = Box.objects.filter(channel="form", options__mailbox=box.name).values_list(
        "pk", flat=True
    )
    keys = Message.objects.filter(
        box__in=[box.pk, *forms],
        key__in=names - set(found),
        conversation__contact__forgotten_at__isnull=True,
    )
    for message in keys.select_related("conversation__box", "conversation__merged_into__box"):
        found[message.key] = message.conversation.merged_into or message.conversation
    return found


def _belongs(message: Incoming, known: Mapping[str, Conversation]) -> Conversation | None:
    names = (message.thread, *message.also_threads)
    return next((known[name] for name in names if name in known), None)


def _opened(
    box: Box,
    message: Incoming,
    handles: Mapping[Key, Handle],
    understood: Understood,
    office: Office,
    done: Admitted,
) -> Conversation | None:
    """Open a conversation for a message that belongs to none; none for what asks nothing of us."""
    if not message.is_past and (message.is_ours or message.is_automatic):
        return None
    handle = handles[message.author.network, message.author.address]
    conversation = Conversation(
        box=box,
        thread=message.thread,
        kind=message.kind,
        is_public=message.is_public,
        contact=handle.contact.merged_into or handle.contact,
        subject=message.subject[:500],
        language=message.language or understood.language,
        intents=list(understood.intents),
        urgency="high" if understood.is_urgent else "normal",
        post=_kept_post(message.post),
        opened_at=message.said_at,
        asked_at=message.said_at,
        incoming_at=message.said_at,
        touched_at=office.now,
    )
    if message.unwanted is not None or conversation.contact.unwanted_at is not None:
        conversation.state = "unwanted"
    done.opened.append(conversation)
    return conversation


def _kept_post(post: PublicPost | None) -> dict[str, str] | None:
    if post is None:
        return None
    kept = {"network": post.network, "post": post.post, "url": post.url, "words": post.words}
    return kept | ({"said_at": post.said_at.isoformat()} if post.said_at else {})


def _continue(conversation: Conversation, message: Incoming, box: Box, office: Office) -> None:
    """Say in a conversation what a message changes: who waits for whom, since when."""
    if message.is_past:
        _remember(conversation, message)
        return
    conversation.touched_at = office.now
    if message.is_automatic:
        return
    if message.is_ours:
        conversation.outgoing_at = _later(conversation.outgoing_at, message.said_at)
        conversation.answered_at = conversation.answered_at or message.said_at
        conversation.state = "waiting" if conversation.state == "open" else conversation.state
        return
    if _was_answered(conversation, message.said_at):
        conversation.asked_at = message.said_at
    conversation.incoming_at = max(conversation.incoming_at, message.said_at)
    conversation.via = None if box.pk == conversation.box_id else box
    if conversation.state == "unwanted":
        return
    if conversation.state == "closed":
        conversation.reopened += 1
        conversation.closed_at = None
    conversation.state, conversation.snoozed_until = "open", None


def _remember(conversation: Conversation, message: Incoming) -> None:
    """Add something of the past: a conversation of which that is all stays closed."""
    at = message.said_at
    conversation.opened_at = min(conversation.opened_at, at)
    if message.is_ours and not message.is_automatic:
        conversation.outgoing_at = _later(conversation.outgoing_at, at)
        conversation.answered_at = min(conversation.answered_at or at, at)
    elif not message.is_automatic:
        if _was_answered(conversation, at):
            conversation.asked_at = at
        conversation.incoming_at = max(conversation.incoming_at, at)
    if conversation._state.adding or conversation.state == "closed":
        conversation.state, conversation.closed_at = "closed", _later(conversation.closed_at, at)
        conversation.touched_at = conversation.closed_at
    elif conversation.state == "open" and message.is_ours and not is_owed(conversation):
        conversation.state = "waiting"


def _was_answered(conversation: Conversation, said_at: datetime) -> bool:
    """Whether what came before a message had its answer: then the clock starts anew with it."""
    answered = conversation.outgoing_at
    return answered is not None and conversation.incoming_at <= answered < said_at


def _later(known: datetime | None, moment: datetime) -> datetime:
    return moment if known is None else max(known, moment)


def _save(
    rows: Sequence[tuple[Came, Conversation]],
    handles: Mapping[Key, Handle],
    understood: Mapping[str, Understood],
    office: Office,
    done: Admitted,
) -> None:
    opened = {id(one) for one in done.opened}
    firsts: dict[int, Incoming] = {}
    for came, conversation in rows:
        if id(conversation) in opened:
            firsts.setdefault(id(conversation), came.message)
    passages, suggestions = routed(done.opened, firsts, understood, office)
    passages += [
        put_aside(one, firsts[id(one)].unwanted, now=office.now)
        for one in done.opened
        if one.state == "unwanted"
    ]
    restored(done.opened, firsts, office)
    pasts = [(row, past) for row in done.opened if (past := firsts[id(row)].past)]
    stand_again(pasts, office)
    touched = {id(conversation): conversation for _came, conversation in rows}
    for conversation in touched.values():
        settle(conversation, office.terms)
    told_already(pasts, office)
    Conversation.objects.bulk_create(done.opened)
    done.came_back = [row for row, _past in pasts]
    done.continued = [one for key, one in touched.items() if key not in opened]
    Conversation.objects.bulk_create(
        done.continued, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED
    )
    Passage.objects.bulk_create(passages)
    Suggestion.objects.bulk_create(suggestions)
    notes_again(done.opened, firsts)
    history_again(pasts, office)
    entrusted_again(pasts, now=office.now)
    _save_messages(rows, handles, office)
    note_words(conversation.pk for _came, conversation in rows)


CHANGED = (
    "opened_at", "via", "state", "snoozed_until", "asked_at", "incoming_at", "outgoing_at",
    "answered_at", "closed_at", "reopened", "touched_at", "due_at", "window_until", "expires_at",
)  # fmt: skip
"""What a further message may change in a conversation."""


def _save_messages(
    rows: Sequence[tuple[Came, Conversation]], handles: Mapping[Key, Handle], office: Office
) -> None:
    writers = found_again(came.message.by for came, _conversation in rows)
    messages = Message.objects.bulk_create(
        [_message(came, conversation, handles, writers, office) for came, conversation in rows]
    )
    enclosed = [
        Attachment(
            message=message,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            digest=kept.digest,
            file=kept.file,
            refused=_said(kept.refused),
            alt=kept.alt,
        )
        for message, (came, _conversation) in zip(messages, rows, strict=True)
        for kept in come_with(came.message, home=office.home)
    ]
    Attachment.objects.bulk_create(enclosed)
    theirs = [
        (handles[came.message.author.network, came.message.author.address].contact_id, came.message)
        for came, _conversation in rows
        if not came.message.is_ours
    ]
    now = {contact for contact, message in theirs if not message.is_past}
    Contact.objects.filter(pk__in=now).update(seen_at=office.now)
    seen_then(((contact, one.said_at) for contact, one in theirs if one.is_past), office)


def _said(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {language: say(words, language) for language in LANGUAGES}


def _message(
    came: Came,
    conversation: Conversation,
    handles: Mapping[Key, Handle],
    writers: Mapping[PastPerson, Person],
    office: Office,
) -> Message:
    said = came.message
    return Message(
        conversation=conversation,
        box=conversation.box if conversation.box_id == came.arrival.box_id else came.arrival.box,
        direction="out" if said.is_ours else "in",
        key=said.key,
        external=_external(said) if said.is_ours else "",
        answers_to=said.answers_to,
        handle=None if said.is_ours else handles[said.author.network, said.author.address],
        person=writers.get(said.by) if said.by else None,
        words=said.words,
        url=said.url,
        is_automatic=said.is_automatic,
        said_at=said.said_at,
        received_at=office.now,
        arrival=came.arrival,
        state="sent" if said.is_ours else "received",
        sent_at=said.said_at if said.is_ours else None,
        facts=dict(said.facts),
        edited_at=said.edited_at,
    )


def _external(said: Incoming) -> str:
    return said.key if said.external is None else said.external
