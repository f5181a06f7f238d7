"""One repeated question: the answer that is being written for it, and the page that holds it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import teaching
from vigie.inbox.changes import Hand
from vigie.inbox.keeping import may_count
from vigie.inbox.models import FaqDraft
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.inbox_taught import texts
from vigie.web.sentences import said
from vigie.words import LANGUAGES, Words, _

route = "inbox/faq/<int:number>/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

ACTS = ("keep", "publish", "drop", "take_up")


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show an entry, or do what a button asks for."""
    hand = inbox_hand.hand(request)
    found = FaqDraft.objects.select_related("service").filter(pk=number).first()
    if found is None or not may_count(hand.eyes, found.service):
        raise Http404
    if request.method != "POST":
        return _shown(request, found, hand)
    try:
        words = _done(request, found, hand)
    except InboxError as error:
        return _shown(request, found, hand, mistake=error.words)
    messages.success(request, said(words))
    return redirect("inbox.faq_entry", number=number)


def _done(request: HttpRequest, found: FaqDraft, hand: Hand) -> Words:
    what = request.POST.get("do", "")
    if what == "drop":
        teaching.drop_entry(found, hand=hand)
        return _("It is put aside.")
    if what == "take_up":
        teaching.take_up_entry(found, hand=hand)
        return _("It is a draft again.")
    if what not in ACTS:
        raise Http404
    kept = teaching.keep_entry(
        found,
        question=texts(request, "question"),
        answer=texts(request, "answer"),
        url=request.POST.get("url", ""),
        hand=hand,
    )
    if what == "publish":
        teaching.publish_entry(kept, hand=hand)
        return _("A page answers it: it counts as answered from now on.")
    return _("The answer is kept.")


def _shown(
    request: HttpRequest, found: FaqDraft, hand: Hand, *, mistake: Words | None = None
) -> HttpResponseBase:
    given = request.POST.dict() if mistake else _filled(found)
    fields = [
        {
            "language": language,
            "question": given.get(f"question_{language}", ""),
            "answer": given.get(f"answer_{language}", ""),
        }
        for language in LANGUAGES
    ]
    shown = {
        "one": found,
        "fields": fields,
        "url": given.get("url", ""),
        "may_teach": teaching.may_teach(hand.eyes, found.service),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/faq_entry.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _filled(found: FaqDraft) -> dict[str, str]:
    question = {f"question_{language}": text for language, text in found.question.items()}
    answer = {f"answer_{language}": text for language, text in found.answer.items()}
    return {**question, **answer, "url": found.url}
