"""One conversation: what was said, what is owed, and everything one may do about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import changes
from vigie.inbox.changes import Hand
from vigie.inbox.clock import counted
from vigie.inbox.listing import lookers
from vigie.inbox.models import Conversation, Draft, Looking, Message
from vigie.inbox.owing import is_owed
from vigie.inbox.sending import try_again
from vigie.inbox.visible import visible
from vigie.register.models import Person, Service
from vigie.register.rights import ANSWER_INBOX, APPROVE_INBOX, ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.sentences import said
from vigie.words import Words, _

route = "inbox/<int:number>/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

PRESENT = timedelta(minutes=2)
"""After so long without a sign, someone has gone on to something else."""
SNOOZES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show a conversation, or change it."""
    hand = inbox_hand.hand(request)
    found = inbox_hand.conversation(hand.eyes, number)
    if request.method != "POST":
        return _shown(request, found, hand)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _shown(request, found, hand, mistake=_("Nothing was asked for. Choose a button."))
    try:
        words = act(request, found, hand)
    except (InboxError, ForbiddenError) as error:
        return _shown(request, found, hand, mistake=error.words)
    messages.success(request, said(words))
    if not visible(hand.eyes).filter(pk=number).exists():
        # It went to a service this person does not see into.
        return redirect("inbox.queue")
    return redirect("inbox.conversation", number=number)


def _shown(
    request: HttpRequest, found: Conversation, hand: Hand, *, mistake: Words | None = None
) -> HttpResponseBase:
    who = changes.writer(hand)
    may_answer = hand.eyes.may(ANSWER_INBOX, found)
    if may_answer:
        Looking.objects.update_or_create(
            conversation=found,
            who=who,
            defaults={"name": hand.eyes.author.name, "seen_at": hand.now},
        )
    draft = Draft.objects.filter(conversation=found, writer=who).first()
    hours = hand.terms.hours_of(found.service_id)
    shown = {
        "one": found,
        "now": hand.now,
        "messages_said": _said(found),
        "notes": found.notes.select_related("by"),
        "passages": found.passages.select_related("service", "person"),
        "others": lookers(found, but=who, since=hand.now - PRESENT),
        "may_answer": may_answer,
        "may_approve": hand.eyes.may(APPROVE_INBOX, found),
        "is_owed": is_owed(found),
        "counted": counted(hours, found.asked_at, found.due_at) if found.due_at else [],
        "draft": request.POST.get("words") or (draft.words if draft else ""),
        "form_key": uuid.uuid4().hex,
        "mistake": mistake,
        "services": Service.objects.filter(is_active=True, institution=found.box.institution),
        "suggested": _suggested(found),
        "earlier": _earlier(found, hand),
        "topics": found.service.topics.filter(is_active=True) if found.service else [],
        "people": Person.objects.filter(user__isnull=False)[:50],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/conversation.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _said(found: Conversation) -> list[Message]:
    rows = found.messages.select_related("person", "handle").prefetch_related("attachments")
    return list(rows.exclude(state="withdrawn", direction="out").order_by("said_at", "id"))


def _suggested(found: Conversation) -> list[tuple[Service, float]]:
    known = getattr(found, "suggestion", None)
    if known is None or found.service_id is not None:
        return []
    services = Service.objects.in_bulk([key for key, _certainty in known.services])
    return [(services[key], sure) for key, sure in known.services if key in services]


def _earlier(found: Conversation, hand: Hand) -> list[Conversation]:
    rows = visible(hand.eyes).filter(contact=found.contact, merged_into__isnull=True)
    return list(rows.exclude(pk=found.pk).order_by("-touched_at")[:5])


def _reply(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    words = request.POST.get("words", "")
    if request.POST.get("keep"):
        return _keep_draft(found, words, hand)
    message = changes.reply(found, words, hand=hand, key=request.POST.get("key", "")[:64])
    if message.state == "proposed":
        return _("Your reply waits for someone to approve it.")
    if request.POST.get("close"):
        changes.close(found, hand=hand)
        return _("Your reply is on its way, and the conversation is closed.")
    return _("Your reply is on its way.")


def _keep_draft(found: Conversation, words: str, hand: Hand) -> Words:
    hand.require(ANSWER_INBOX, found)
    Draft.objects.update_or_create(
        conversation=found, writer=changes.writer(hand), defaults={"words": words, "at": hand.now}
    )
    Looking.objects.filter(conversation=found, who=changes.writer(hand)).update(is_answering=True)
    return _("Your draft is kept.")


def _note(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.add_note(found, request.POST.get("note", ""), hand=hand)
    return _("The note is there for your colleagues.")


def _assign(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    service = Service.objects.filter(pk=_number(request, "service")).first()
    if service is None:
        raise InboxError(_("Choose a service."))
    changes.assign(found, hand=hand, service=service)
    return _("It went to {service}.", service=str(service))


def _take(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    if hand.person is None:
        raise InboxError(_("Only a person of the register can take a conversation."))
    changes.assign(found, hand=hand, service=found.service, person=hand.person)
    return _("It is yours.")


def _snooze(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    lasts = SNOOZES.get(request.POST.get("until", ""), SNOOZES["day"])
    changes.snooze(found, hand.now + lasts, hand=hand)
    return _("It is put aside until {moment}.", moment=hand.now + lasts)


def _close(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.close(found, hand=hand)
    return _("The conversation is closed. A new message opens it again.")


def _reopen(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.reopen(found, hand=hand)
    return _("The conversation is open again.")


def _topic(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.choose_topic(found, _number(request, "topic"), hand=hand)
    return _("The topic is noted.")


def _call_in(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    person = Person.objects.filter(pk=_number(request, "person")).first()
    if person is None:
        raise InboxError(_("Choose a colleague."))
    changes.call_in(found, person, hand=hand)
    return _("{name} may see this conversation now.", name=str(person))


def _approve(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.approve(_message(request, found), hand=hand)
    return _("The reply is on its way.")


def _take_back(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.take_back(_message(request, found), hand=hand)
    return _("The reply is taken back. Nothing was sent.")


def _again(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    hand.require(ANSWER_INBOX, found)
    if not try_again(_message(request, found), now=datetime.now(UTC)):
        raise InboxError(_("This reply did not fail: it is not sent a second time."))
    return _("It is tried once more.")


def _message(request: HttpRequest, found: Conversation) -> Message:
    message = found.messages.filter(pk=_number(request, "message"), direction="out").first()
    if message is None:
        raise InboxError(_("There is no such reply in this conversation."))
    return message


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


Act = Callable[[HttpRequest, Conversation, Hand], Words]
ACTS: Mapping[str, Act] = {
    "reply": _reply,
    "note": _note,
    "assign": _assign,
    "take": _take,
    "snooze": _snooze,
    "close": _close,
    "reopen": _reopen,
    "topic": _topic,
    "call_in": _call_in,
    "approve": _approve,
    "take_back": _take_back,
    "again": _again,
}
"""What a button asks for."""
