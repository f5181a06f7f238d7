"""Is this label right? What machine and people answered about one post, to be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie import flow
from vigie.annotate.annotating import classifiers
from vigie.collect.connecting import may_show_words
from vigie.errors import VigieError
from vigie.listening.label_changes import Answer, answer
from vigie.register.rights import LABEL_LISTENING
from vigie.web import check_rows
from vigie.web.listening_words import language_name
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.web.site import site_store
from vigie.words import _

route = "listening/label/<slug:network>/<path:post>/"
permission = LABEL_LISTENING
methods = ("GET", "HEAD", "POST")

KEPT = _("Your answer counts from now on, before the machine's.")


def page(request: HttpRequest, network: str, post: str) -> HttpResponse:
    """Show the labels of a post, or keep a person's answer in the place of the machine's."""
    found = flow.texts_of(site_store(), [(network, post)]).get((network, post))
    if found is None:
        raise Http404
    if request.method == "POST":
        return _keep(request, network, post, found)
    return _shown(request, network, post, found)


def _keep(
    request: HttpRequest, network: str, post: str, found: Mapping[str, object]
) -> HttpResponse:
    day = found["published_on"]
    assert isinstance(day, date)
    given = Answer(
        question=request.POST.get("question", ""),
        network=network,
        post=post,
        published_on=day,
        answers=tuple(request.POST.getlist("answer")),
    )
    try:
        answer(site_store(), given, by=author_of(request))
    except VigieError as error:
        return _shown(request, network, post, found, mistake=error)
    messages.success(request, said(KEPT))
    return redirect("listening.label", network=network, post=post)


def _shown(
    request: HttpRequest,
    network: str,
    post: str,
    found: Mapping[str, object],
    *,
    mistake: VigieError | None = None,
) -> HttpResponse:
    day = found["published_on"]
    assert isinstance(day, date)
    given = flow.labels_of(
        site_store(), (network, post), month=day.replace(day=1), settings=settings.CONFIGURED
    )
    questions = [
        {
            "name": name,
            "label": classifier.label,
            "is_multiple": classifier.is_multiple,
            "counts": given.get(name),
            "choices": check_rows.choices(name, given[name].answers if name in given else None),
        }
        for name, classifier in check_rows.checkable().items()
    ]
    shown = {
        "network": network,
        "post": post,
        "words": found,
        "may_show": may_show_words(network),
        "questions": questions,
        "others": [
            (classifiers()[name].label, [_answer(name, answer) for answer in one.answers])
            for name, one in given.items()
            if name not in check_rows.checkable() and one.answers
        ],
        "mistake": mistake.words if mistake else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "listening/label.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(question: str, name: str) -> str:
    """Say an answer that is only shown."""
    return language_name(name) if question == "language" else name
