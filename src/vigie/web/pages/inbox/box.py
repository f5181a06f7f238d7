"""How does this box stand: what came in, what became of it, what could not be read?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import box_changes, journals
from vigie.inbox.box_changes import boxes_seen, is_whole
from vigie.inbox.boxes import member_of, put_box
from vigie.inbox.changes import Hand
from vigie.inbox.greeting import KEY, PLACEHOLDERS, WHENS, put_greeting
from vigie.inbox.intake import journal
from vigie.inbox.models import Arrival, Box, Message
from vigie.inbox.outages import outages
from vigie.inbox.visible import visible
from vigie.inbox.working import READ_BOX
from vigie.register.models import Service
from vigie.register.rights import CONNECT_INBOX, ENTER_INBOX
from vigie.sources import notices
from vigie.sources.gathering import is_someone_working
from vigie.sources.models import Notice, Work
from vigie.sources.turns import make_due
from vigie.web import box_form, inbox_hand, options
from vigie.web.inbox_boxes import stands
from vigie.web.inbox_taught import texts
from vigie.web.sentences import reader_language, said
from vigie.web.service_acts import Outcome
from vigie.words import LANGUAGES, Words, _, plural

route = "inbox/boxes/<slug:name>/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

VIEWS: Mapping[str, Words] = {
    "journal": _("Journal"),
    "quarantine": _("Quarantine"),
    "greeting": _("Automatic greeting"),
    "connection": _("Connection"),
}
LATELY = timedelta(days=30)
PAGE = 50


@sensitive_post_parameters()
def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show one view of a box, or do what was asked."""
    hand = inbox_hand.hand(request)
    box = boxes_seen(hand.eyes).filter(name=name).first()
    if box is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, box, hand, view=_view(request))
    if request.POST.get("do", "") not in ACTS:
        raise Http404
    view, act = ACTS[request.POST["do"]]
    try:
        outcome = act(request, box, hand)
    except ForbiddenError:
        raise
    except InboxError as error:
        return _shown(request, box, hand, view=view, mistake=error.words)
    if outcome.words is None:
        return _shown(request, box, hand, view=view, outcome=outcome)
    messages.success(request, said(outcome.words))
    return HttpResponseRedirect(f"{request.path}?{urlencode({'show': view})}")


def _view(request: HttpRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in (*VIEWS, "disconnect") else "journal"


def _pause(_request: HttpRequest, box: Box, hand: Hand) -> Outcome:
    box_changes.pause(box, hand=hand)
    return Outcome(words=_("It is paused: nothing is read or sent until you resume it."))


def _resume(_request: HttpRequest, box: Box, hand: Hand) -> Outcome:
    box_changes.resume(box, hand=hand)
    return Outcome(words=_("It is read again, at the next turn of a worker."))


def _read_now(_request: HttpRequest, box: Box, hand: Hand) -> Outcome:
    box_changes.ask_to_read(box, hand=hand)
    make_due(READ_BOX, subject=box.name, now=hand.now)
    return Outcome(words=_("It is read as soon as a worker is free. This page says when it was."))


def _is_asked(box: Box, hand: Hand) -> bool:
    """Whether a worker is to read a box now, and has not yet."""
    return Work.objects.filter(kind=READ_BOX, subject=box.name, due_at__lte=hand.now).exists()


def _told(box: Box) -> Notice | None:
    """Return when those who can mend a box were told that it is not read just now."""
    if box.state != "broken":
        return None
    work = Work.objects.filter(kind=READ_BOX, subject=box.name, failing_since__isnull=False).first()
    if work is None or work.failing_since is None:
        return None
    return notices.told(notices.about_box(box.name)).filter(since=work.failing_since).first()


def _disconnect(_request: HttpRequest, box: Box, hand: Hand) -> Outcome:
    box_changes.disconnect(box, hand=hand)
    return Outcome(words=_("Its keys are erased. Its conversations and its journal stay."))


def _replay(_request: HttpRequest, box: Box, hand: Hand) -> Outcome:
    count = box_changes.replay(box, hand=hand)
    return Outcome(
        words=plural(
            "{count} payload is read again at the next turn of a worker.",
            "{count} payloads are read again at the next turn of a worker.",
            count=count,
        )
    )


def _greet(request: HttpRequest, box: Box, hand: Hand) -> Outcome:
    words = texts(request, "words")
    put_greeting(box, words, when=request.POST.get("when", ""), hand=hand)
    if not any(text.strip() for text in words.values()):
        return Outcome(words=_("Nobody is greeted automatically by this box."))
    return Outcome(words=_("It is kept: who writes for the first time in a week is greeted."))


def _connect(request: HttpRequest, box: Box, hand: Hand) -> Outcome:
    wanted, mistakes = box_form.entered(request.POST.dict(), member_of(box), box)
    if mistakes:
        return Outcome(mistakes=mistakes)
    put_box(
        box.channel,
        institution=box.institution,
        label=wanted.label,
        address=wanted.address,
        options=wanted.options,
        settings=settings.CONFIGURED,
        service=wanted.service,
        needs_approval=wanted.needs_approval,
        asks_satisfaction=wanted.asks_satisfaction,
        box=box,
        by=hand.eyes.author,
        now=hand.now,
    )
    return Outcome(words=_("It is sealed and kept. The next turn says whether it works."))


Act = Callable[[HttpRequest, Box, Hand], Outcome]
ACTS: Mapping[str, tuple[str, Act]] = {
    "pause": ("journal", _pause),
    "resume": ("journal", _resume),
    "read_now": ("journal", _read_now),
    "disconnect": ("connection", _disconnect),
    "replay": ("quarantine", _replay),
    "connect": ("connection", _connect),
    "greet": ("greeting", _greet),
}
"""What a button asks for, and the view it belongs to."""


def _shown(
    request: HttpRequest,
    box: Box,
    hand: Hand,
    *,
    view: str,
    outcome: Outcome | None = None,
    mistake: Words | None = None,
) -> HttpResponseBase:
    outcome = outcome or Outcome()
    found = journal(box, since=hand.now - LATELY)
    aside = journals.set_aside(box)
    content = {
        "one": box,
        "view": view,
        "views": VIEWS,
        "stands": stands(box, waiting=aside.waiting, now=hand.now),
        "journal": found,
        "quarantined": aside.refused_payloads,
        "days": LATELY.days,
        "to_send": box.messages.filter(state__in=("due", "sending")).count(),
        "is_whole": is_whole(box),
        "is_fetched": member_of(box).is_fetched,
        "is_asked": _is_asked(box, hand),
        "told": _told(box),
        "nobody_works": box.state != "paused" and not is_someone_working(hand.now),
        "may_connect": hand.eyes.author.may(CONNECT_INBOX),
        "mistakes": dict(outcome.mistakes),
        "mistake": mistake,
        **_beside(request, box, hand, view),
    }
    is_wrong = bool(mistake or outcome.mistakes)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    response = render(request, "inbox/box.html", content, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _beside(request: HttpRequest, box: Box, hand: Hand, view: str) -> dict[str, object]:
    since = hand.now - LATELY
    if view == "journal":
        zone = settings.CONFIGURED.zone
        return {
            "rows": journals.days(box, since=since, zone=zone),
            "outages": outages(box, since=since),
            "back": _back(box, hand),
            "aside": journals.left_aside(box, since=since, language=reader_language()),
        }
    if view == "quarantine":
        return _quarantine(request, box)
    if view == "greeting":
        return _greeting(request, box)
    if view == "connection":
        return connection(request, box)
    return {}


def _back(box: Box, hand: Hand) -> list[Message]:
    """Return the latest answers that did not arrive, of conversations these eyes may see."""
    rows = Message.objects.filter(box=box, direction="out", state__in=("failed", "refused"))
    seen = rows.filter(conversation__in=visible(hand.eyes).values("pk"))
    return list(seen.select_related("conversation__contact").order_by("-said_at", "-pk")[:PAGE])


def _greeting(request: HttpRequest, box: Box) -> dict[str, object]:
    """Return what the form of the automatic greeting shows."""
    kept = texts(request, "words") if request.method == "POST" else box.greeting.get("words", {})
    sent = box.messages.filter(key__startswith=KEY, is_automatic=True)
    return {
        "greetings": [(name, kept.get(name, "")) for name in LANGUAGES],
        "when": request.POST.get("when") or box.greeting.get("when", "closed"),
        "whens": WHENS,
        "placeholders": [(f"{{{name}}}", words) for name, words in PLACEHOLDERS.items()],
        "greeted": sent.filter(said_at__gte=datetime.now(UTC) - LATELY).count(),
    }


def _quarantine(request: HttpRequest, box: Box) -> dict[str, object]:
    """Return what is in quarantine, the newest first, from where the last page ended."""
    rows = Arrival.objects.filter(box=box, state="refused").order_by("-pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    return {
        "rows": found[:PAGE],
        "next_page": found[PAGE - 1].pk if len(found) > PAGE else "",
        "is_first": not after,
    }


def connection(request: HttpRequest, box: Box) -> dict[str, object]:
    """Return what the form of a box shows."""
    member = member_of(box)
    posted = request.POST.dict() if request.method == "POST" else {}
    own, seldom = box_form.fields(member, box, posted)
    return {
        "has_address": member.has_address or bool(box.address),
        "member": {"label": member.label, "webhook": member.webhook},
        "own": own,
        "seldom": seldom,
        "steps": options.steps(member.guide),
        "services": Service.objects.filter(institution=box.institution, is_active=True),
        "form": {
            "label": posted.get("label", box.label),
            "address": posted.get("address", box.address),
            "service": posted.get("service", str(box.service_id or "")),
            "needs_approval": posted.get("needs_approval") if posted else box.needs_approval,
            "asks_nobody": posted.get("asks_nobody") if posted else not box.asks_satisfaction,
        },
    }
