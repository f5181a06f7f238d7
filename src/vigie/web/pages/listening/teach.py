"""Which texts would teach the machine most? Answered one after the other, then it is taught."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie import flow
from vigie.annotate.models import Models
from vigie.collect.connecting import may_show_words
from vigie.errors import VigieError
from vigie.listening.label_changes import Answer, answer, checked_keys
from vigie.listening.trained_words import trained_words
from vigie.register.rights import LABEL_LISTENING, WRITE_LISTENING, require
from vigie.sources.gathering import is_someone_working
from vigie.sources.models import Work
from vigie.sources.turns import TRAIN, make_due
from vigie.web import check_rows
from vigie.web.people import author_of, may
from vigie.web.sentences import reader_language, said
from vigie.web.site import site_store
from vigie.words import Words, _

route = "listening/teach/<slug:question>/"
permission = LABEL_LISTENING
methods = ("GET", "HEAD", "POST")

AT_ONCE = 20
"""Texts proposed before the machine is asked anew which would teach most."""
ASKED = _("The model is taught in the next minutes; this page then says what came of it.")

Key = tuple[str, str]


def page(request: HttpRequest, question: str) -> HttpResponse:
    """Show the text that would teach most, keep an answer, leave one out, or have it taught."""
    check_rows.classifier_named(question)
    if request.method != "POST":
        return _shown(request, question)
    if request.POST.get("do") == "train":
        require(author_of(request), WRITE_LISTENING)
        make_due(TRAIN, "", subject=question, now=datetime.now(UTC))
        messages.success(request, said(ASKED))
        return redirect("listening.teach", question=question)
    key = request.POST.get("network", ""), request.POST.get("post", "")
    if request.POST.get("do") != "leave":
        try:
            _keep(request, question, key)
        except VigieError as error:
            return _shown(request, question, mistake=error.words)
    _took(request, question, key)
    return redirect("listening.teach", question=question)


def _keep(request: HttpRequest, question: str, key: Key) -> None:
    found = flow.texts_of(site_store(), [key]).get(key)
    if found is None:
        return
    day = found["published_on"]
    assert isinstance(day, date)
    given = Answer(
        question=question,
        network=key[0],
        post=key[1],
        published_on=day,
        answers=tuple(request.POST.getlist("answer")),
    )
    answer(site_store(), given, by=author_of(request))


def _proposed(request: HttpRequest, question: str) -> list[dict[str, object]]:
    """Return what is proposed to this person; the machine is asked again when all is answered."""
    kept: list[dict[str, object]] = request.session.get(_name(question), [])
    if kept:
        return kept
    left = request.session.get(_name(question, "left"), [])
    without = {*checked_keys(question), *(tuple(key) for key in left)}
    found = flow.useful(
        site_store(), question, settings=settings.CONFIGURED, count=AT_ONCE, without=without
    )
    kept = [
        {"network": one.network, "post": one.post, "answer": one.answer, "sure": one.certainty}
        for one in found
    ]
    request.session[_name(question)] = kept
    return kept


def _took(request: HttpRequest, question: str, key: Key) -> None:
    """Go on to the next; what was left out is not proposed again in this session."""
    kept = request.session.get(_name(question), [])
    request.session[_name(question)] = [one for one in kept if (one["network"], one["post"]) != key]
    if request.POST.get("do") == "leave":
        left = request.session.get(_name(question, "left"), [])
        request.session[_name(question, "left")] = [*left, list(key)]


def _name(question: str, what: str = "proposed") -> str:
    return f"teach:{question}:{what}"


def _next(request: HttpRequest, question: str) -> tuple[dict[str, object], Mapping[str, object]]:
    """Return the next text that is still there; nothing when there is none."""
    for one in list(_proposed(request, question)):
        key = str(one["network"]), str(one["post"])
        words = flow.texts_of(site_store(), [key]).get(key)
        if words is not None:
            return one, words
        _took(request, question, key)
    return {}, {}


def _shown(request: HttpRequest, question: str, *, mistake: Words | None = None) -> HttpResponse:
    now = datetime.now(UTC)
    chosen, words = _next(request, question)
    classifier = check_rows.classifier_named(question)
    guess = str(chosen.get("answer") or "")
    models = Models(settings.CONFIGURED.home)
    versions = models.versions(question)
    shown = {
        "question": question,
        "label": classifier.label,
        "is_multiple": classifier.is_multiple,
        "text": chosen,
        "words": words,
        "may_show": bool(chosen) and may_show_words(str(chosen["network"])),
        "guess": classifier.answers.get(guess),
        "sure": float(str(chosen.get("sure") or 0)),
        "choices": check_rows.choices(question, None),
        "answered": len(flow.people_said(site_store(), question)),
        "trained": trained_words(models.manifest(question, versions[-1])) if versions else None,
        "failed": _failure(question),
        "may_train": may(request, WRITE_LISTENING),
        "nobody_works": not is_someone_working(now),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "listening/teach.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _failure(question: str) -> str:
    """Return why the last teaching failed, from its first failure on until one succeeds."""
    row = Work.objects.filter(kind=TRAIN, subject=question).first()
    broke = (row.failure or {}).get(reader_language(), "") if row else ""
    return broke or Models(settings.CONFIGURED.home).failure(question).get(reader_language(), "")
