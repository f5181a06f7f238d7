"""Who are we, by what we post, and is that what we want to be known for?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import changes, tables
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.sources.turns import IDENTITY, make_due
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.web.shown import show_report
from vigie.words import Words, _

route = "listening/identity/<slug:institution>/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

DONE: Mapping[str, Words] = {
    "declare": _("Declared. Whether it comes through is looked at in the next minutes."),
    "erase": _("Taken back. The page follows in the next minutes."),
}


def page(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Show one institution, declare a speciality, or take one back."""
    if request.method != "POST":
        return _show(request, institution)
    what = request.POST.get("do", "")
    if what not in DONE:
        raise Http404
    try:
        _done(request, institution, what)
    except ForbiddenError:
        raise
    except ListeningError as error:
        return _show(request, institution, mistake=error.words)
    make_due(IDENTITY, "", subject=institution, now=datetime.now(UTC))
    messages.success(request, said(DONE[what]))
    return redirect("listening.identity_of", institution=institution)


def _done(request: HttpRequest, institution: str, what: str) -> None:
    name, by = request.POST.get("name", ""), author_of(request)
    if what == "erase":
        changes.erase_speciality(institution, name, by=by)
        return
    words = re.split(r"[,;\n]+", request.POST.get("words", ""))
    changes.declare_speciality(institution, name, words=words, by=by)


def _show(
    request: HttpRequest, institution: str, *, mistake: Words | None = None
) -> HttpResponseBase:
    beside = {
        "institution": institution,
        "specialities": tables.specialities(institution),
        "may_write": may(request, WRITE_LISTENING),
        "form": request.POST.dict() if mistake else {},
        "mistake": mistake,
    }
    return show_report(
        request,
        "identity",
        given={"institution": institution},
        template="listening/identity_of.html",
        beside=beside,
    )
