"""One conversation: what was said, what is owed, and everything one may do about it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import changes
from vigie.inbox.beside import held, offered
from vigie.inbox.changes import Hand
from vigie.inbox.channel import known_channels
from vigie.inbox.enclosures import no_files
from vigie.inbox.listing import lookers
from vigie.inbox.models import Conversation, Draft, Message
from vigie.inbox.noticing import taken_down, turned
from vigie.inbox.other_ways import ways
from vigie.inbox.owing import is_owed, window_of
from vigie.inbox.visible import visible
from vigie.inbox.writing import Slip, slip_of
from vigie.register.rights import ANSWER_INBOX, APPROVE_INBOX, ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.another_way import begun, chosen
from vigie.web.asking import moment_of
from vigie.web.conversation_acts import ACTS, PRESENT, look
from vigie.web.conversation_beside import beside
from vigie.web.enclosing import asked_for
from vigie.web.sentences import said
from vigie.words import Words, _

route = "inbox/<int:number>/"
permission = ENTER_INBOX
HELD_BY_MESSAGES = {"enclosed": "attachments", "former": "former"}
methods = ("GET", "HEAD", "POST")
takes_files = True


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show a conversation, or change it."""
    hand = inbox_hand.hand(request)
    found = inbox_hand.conversation(hand.eyes, number)
    if request.method != "POST":
        return _shown(request, found, hand)
    if request.POST.get("way"):
        try:
            return begun(request, found, hand)
        except (InboxError, ForbiddenError) as error:
            return _shown(request, found, hand, mistake=error.words)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _shown(request, found, hand, mistake=_("Nothing was asked for. Choose a button."))
    slip, turn = _slip(request, found), _turn(request, found)
    if slip is not None or turn is not None:
        return _shown(request, found, hand, slip=slip, turn=turn)
    try:
        words = act(request, found, hand)
    except (InboxError, ForbiddenError) as error:
        return _shown(request, found, hand, mistake=error.words)
    messages.success(request, said(words))
    if not visible(hand.eyes).filter(pk=number).exists():
        # It went to a service this person does not see into.
        return redirect("inbox.queue")
    return redirect("inbox.conversation", number=number)


def _goes_out(request: HttpRequest) -> bool:
    """Whether a reply is to go out, and nobody said yet that it is to go out all the same."""
    asked = request.POST
    is_reply = asked.get("do") == "reply"
    return is_reply and not any(asked.get(name) for name in ("keep", "insert", "anyway"))


def _slip(request: HttpRequest, found: Conversation) -> Slip | None:
    """Return what to ask before a reply goes out."""
    if not _goes_out(request):
        return None
    return slip_of(request.POST.get("words", ""), language_of(found))


def _turn(request: HttpRequest, found: Conversation) -> Words | None:
    """Return how what is answered has turned since the page was opened."""
    if not _goes_out(request):
        return None
    return turned(found, seen_at=moment_of(request.POST.get("seen", "")))


def language_of(found: Conversation) -> str:
    """Return the language to answer in: what the person prefers, else what they write."""
    return found.contact.language or found.language


def _shown(
    request: HttpRequest,
    found: Conversation,
    hand: Hand,
    *,
    mistake: Words | None = None,
    slip: Slip | None = None,
    turn: Words | None = None,
) -> HttpResponseBase:
    who = changes.writer(hand)
    may_answer = hand.eyes.may(ANSWER_INBOX, found)
    has = held(found, who=who)
    words = request.POST.get("words") or (_draft(found, who) if "drafts" in has else "")
    said_here = _said(found, has)
    if may_answer:
        look(found, hand, is_answering=bool(words))
    shown = {
        "one": found,
        "now": hand.now,
        "messages_said": said_here,
        "has_files": "enclosed" in has,
        "others": lookers(found, but=who, since=hand.now - PRESENT) if "lookers" in has else [],
        "may_answer": may_answer,
        "is_owed": is_owed(found),
        "draft": words,
        "language": language_of(found),
        "slip": slip or slip_of(words, language_of(found)),
        "turn": turn or taken_down(said_here),
        "seen": hand.now.isoformat(),
        "is_asked": slip is not None or turn is not None,
        "written": len(words.strip()),
        "form_key": request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        "mistake": mistake,
        **beside(found, hand, has),
        **(_doing(found, hand) if may_answer else {}),
        **(_ways(request, found, hand, said_here) if may_answer else {}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake or slip or turn else HTTPStatus.OK
    response = render(request, "inbox/conversation.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _draft(found: Conversation, who: str) -> str:
    draft = Draft.objects.filter(conversation=found, writer=who).first()
    return draft.words if draft else ""


def _doing(found: Conversation, hand: Hand) -> dict[str, object]:
    """Return what someone who may answer chooses from."""
    choices = offered(found)
    return {
        "may_approve": hand.eyes.may(APPROVE_INBOX, found),
        "services": choices.services,
        "topics": choices.topics,
        "people": choices.people,
        "saved": choices.saved,
    }


def _ways(
    request: HttpRequest, found: Conversation, hand: Hand, said_here: list[Message]
) -> dict[str, object]:
    """Return by which way the reply goes, and the others where this one is closed."""
    way = chosen(request, found, hand)
    box = way.through.box if way and way.through else found.answers_by
    member = known_channels().get(box.channel)
    is_stuck = any(one.state in ("failed", "refused") for one in said_here)
    is_closed = not window_of(found, now=hand.now).is_open
    return {
        "way": way,
        "other_ways": ways(found, hand=hand) if is_stuck or is_closed else [],
        "is_closed": is_closed,
        "longest": member.longest if member else None,
        "no_files": no_files(member),
        **asked_for(request, member),
    }


def _said(found: Conversation, has: Collection[str]) -> list[Message]:
    held = [field for what, field in HELD_BY_MESSAGES.items() if what in has]
    rows = found.messages.select_related("person", "handle").prefetch_related(*held)
    return list(rows.exclude(state="withdrawn", direction="out").order_by("said_at", "id"))
