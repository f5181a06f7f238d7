"""Other ways to a person, for when the network of a conversation takes no answer.

Only handles and conversations that the reader may see, only private ways for what was private, and
only where an answer is taken now. A reply that goes another way is not sent the first way any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from vigie.errors import InboxError
from vigie.inbox import joining
from vigie.inbox.changes import Hand, Through, writer
from vigie.inbox.channel import known_channels
from vigie.inbox.models import Box, Conversation, Draft, Handle, Message
from vigie.inbox.owing import window_of
from vigie.inbox.searching import note_words
from vigie.inbox.sending import answered_handle
from vigie.inbox.visible import Eyes, visible
from vigie.inbox.words import network_words
from vigie.present.writing import Day
from vigie.register.rights import ANSWER_INBOX
from vigie.words import LANGUAGES, _, say

MOST_LOOKED_AT = 20
MOST_QUOTED = 1_500
"""Letters of the question that a mail repeats."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One other way: to a handle by a box, or in a conversation that goes on elsewhere."""

    name: str
    """How a form names it."""
    network: str
    through: Through | None = None
    over: Conversation | None = None
    until: datetime | None = None
    """When the network stops taking an answer there."""


def ways(conversation: Conversation, *, hand: Hand) -> list[Way]:
    """Return the other ways to whoever wrote."""
    if not hand.eyes.may(ANSWER_INBOX, conversation) or conversation.contact.forgotten_at:
        return []
    return [*_to_handles(conversation, hand), *_elsewhere(conversation, hand)]


def _to_handles(conversation: Conversation, hand: Hand) -> Iterator[Way]:
    """Yield the other addresses that a box may write to first."""
    boxes: dict[str, Box] = {}
    for box in _boxes(conversation):
        member = known_channels().get(box.channel)
        if member is not None and member.begins:
            boxes.setdefault(member.network, box)
    answered, ours = answered_handle(conversation), _our_addresses()
    for handle in _seen(conversation, hand.eyes):
        is_usable = handle != answered and handle.address.casefold() not in ours
        if is_usable and handle.network in boxes:
            through = Through(box=boxes[handle.network], handle=handle)
            yield Way(name=f"to-{handle.pk}", network=handle.network, through=through)


def _boxes(conversation: Conversation) -> QuerySet[Box]:
    """Return the boxes an answer may go out by: those of its service first, never another's."""
    own = Q(service__isnull=True) | Q(service=conversation.service_id)
    rows = Box.objects.filter(own, institution=conversation.box.institution_id)
    return rows.exclude(state="paused").order_by(F("service").desc(nulls_last=True), "pk")


def _our_addresses() -> set[str]:
    rows = Box.objects.exclude(address="").values_list("address", flat=True)
    return {address.casefold() for address in rows}


def _seen(conversation: Conversation, eyes: Eyes) -> list[Handle]:
    """Return the handles that wrote in what these eyes may see, and those that never wrote."""
    seen = visible(eyes).filter(contact=conversation.contact_id)
    rows = Handle.objects.filter(contact=conversation.contact_id)
    known = Q(messages__isnull=True) | Q(messages__conversation__in=seen.values("pk"))
    return list(rows.filter(known).distinct().order_by("pk"))


def _elsewhere(conversation: Conversation, hand: Hand) -> Iterator[Way]:
    """Yield conversations with the same person in which an answer is taken now."""
    rows = visible(hand.eyes).filter(contact=conversation.contact_id, merged_into__isnull=True)
    rows = rows.exclude(pk=conversation.pk).exclude(box__state="paused")
    related = ("box", "via", "service", "contact")
    taken = {conversation.answers_by.pk}
    for row in rows.select_related(*related).order_by("-incoming_at")[:MOST_LOOKED_AT]:
        member = known_channels().get(row.answers_by.channel)
        if member is None or member.begins or member.sends_by or row.answers_by.pk in taken:
            continue
        window = window_of(row, now=hand.now)
        if window.is_open and _fits(row, conversation) and hand.eyes.may(ANSWER_INBOX, row):
            taken.add(row.answers_by.pk)
            yield Way(name=f"in-{row.pk}", network=member.network, over=row, until=window.until)


def _fits(row: Conversation, conversation: Conversation) -> bool:
    """Whether words of one conversation may be said in another."""
    service = conversation.service
    is_kept_apart = service is not None and service.is_confidential
    is_shown = row.is_public and not conversation.is_public
    return not is_shown and (not is_kept_apart or row.service_id == conversation.service_id)


def way_named(name: str, conversation: Conversation, *, hand: Hand) -> Way:
    """Return the way that a form names, if it is still open."""
    found = next((way for way in ways(conversation, hand=hand) if way.name == name), None)
    if found is None:
        raise InboxError(_("This way is no longer open. Choose another one."))
    return found


def begin(
    conversation: Conversation,
    way: Way,
    words: str,
    *,
    hand: Hand,
    language: str,
    failed: Message | None = None,
) -> Conversation:
    """Begin a reply another way: its words are a draft there, linked; return where it is written.

    A reply that failed is withdrawn in the same moment: it goes out the new way or not at all.
    """
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        if failed is not None:
            words = _withdrawn(failed)
        target = way.over or conversation
        if way.over is not None:
            joining.link(conversation, way.over, hand=hand)
            conversation.drafts.filter(writer=writer(hand)).delete()
        elif way.network != known_channels()[conversation.answers_by.channel].network:
            words = _with_question(conversation, words, language)
        _keep_draft(target, words, hand)
        hand.note("inbox.another_way", conversation, network=way.network, to=target.pk)
    return target


def _withdrawn(failed: Message) -> str:
    """Withdraw a reply that failed or came back, and return its words."""
    changed = Message.objects.filter(
        pk=failed.pk, direction="out", state__in=("failed", "refused")
    ).update(state="withdrawn", is_withdrawn=True)
    if not changed:
        raise InboxError(_("This reply did not fail: it is not sent a second time."))
    note_words([failed.conversation_id])
    return failed.words


def _with_question(conversation: Conversation, words: str, language: str) -> str:
    """Add what they asked: a mail stands alone, far from where the question was written."""
    asked = conversation.messages.filter(direction="in", is_automatic=False, is_withdrawn=False)
    last = asked.order_by("-said_at", "-id").first()
    theirs = conversation.contact.language or conversation.language
    if last is None or not last.words:
        return words
    network = network_words(known_channels()[conversation.answers_by.channel].network)
    said = say(
        _("On {day} you wrote to us ({network}):", day=Day(last.said_at.date()), network=network),
        theirs if theirs in LANGUAGES else language,
    )
    quoted = "\n".join(f"> {line}" for line in last.words[:MOST_QUOTED].splitlines())
    return words if said in words else f"{words.rstrip()}\n\n{said}\n{quoted}"


def _keep_draft(target: Conversation, words: str, hand: Hand) -> None:
    """Keep words as a draft, after what is written there already."""
    draft = Draft.objects.filter(conversation=target, writer=writer(hand)).first()
    before = draft.words.rstrip() if draft else ""
    whole = words if not before or before in words else f"{before}\n\n{words}"
    if words in before:
        whole = before
    Draft.objects.update_or_create(
        conversation=target, writer=writer(hand), defaults={"words": whole, "at": hand.now}
    )
