"""How sure are the labels? The checks of a team, question by question."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie import flow
from vigie.errors import VigieError
from vigie.listening.label_changes import keep_sample
from vigie.register.rights import LABEL_LISTENING, READ_LISTENING
from vigie.web.check_rows import SIZE, checkable, classifier_named, question_of
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.web.site import site_store

route = "listening/check/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponse:
    """Show how sure each question is, or draw texts to check one."""
    if request.method == "POST":
        return _draw(request, request.POST.get("question", ""))
    name = author_of(request).name
    shown = {
        "questions": [question_of(question, name) for question in checkable()],
        "may_label": may(request, LABEL_LISTENING),
        "size": SIZE,
    }
    return render(request, "listening/check.html", shown)


def _draw(request: HttpRequest, question: str) -> HttpResponse:
    classifier_named(question)
    seed = secrets.randbelow(1 << 31)
    try:
        drawn, pool = flow.draw_check(
            site_store(), question, settings=settings.CONFIGURED, count=SIZE, seed=seed
        )
        keep_sample(question, drawn, seed=seed, drawn_from=pool, by=author_of(request))
    except VigieError as error:
        messages.error(request, said(error.words))
        return redirect("listening.check")
    return redirect("listening.check_text", question=question)
