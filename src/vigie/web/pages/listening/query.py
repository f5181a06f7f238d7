"""What does this query look for, why, and what does it catch? Change it, switch it, erase it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from vigie.listening import changes
from vigie.listening.models import Query
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING, require
from vigie.web.people import author_of
from vigie.web.query_page import kept, show
from vigie.web.sentences import said
from vigie.words import _

route = "listening/queries/<slug:name>/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

DONE = {
    "keep": _("The query is kept as it stands now."),
    "on": _("It is listened to again."),
    "off": _("It is switched off. What was caught stays as long as the networks allow."),
    "erase": _("The query is erased with its alerts; the log keeps that it was there."),
}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a query, or do what was asked."""
    row = Query.objects.filter(name=name).first()
    if row is None:
        raise Http404
    if request.method != "POST":
        return show(request, row=row)
    require(author_of(request), WRITE_LISTENING)
    what = request.POST.get("do", "")
    if what == "preview":
        return show(request, row=row)
    if what not in DONE:
        raise Http404
    return _do(request, row, what)


def _do(request: HttpRequest, row: Query, what: str) -> HttpResponse:
    by = author_of(request)
    if what == "keep":
        mistake = kept(request, row.name)
        if mistake is not None:
            return show(request, row=row, mistake=mistake)
    elif what == "erase":
        changes.erase_query(row.name, by=by)
    else:
        changes.switch_query(row.name, is_on=what == "on", by=by)
    messages.success(request, said(DONE[what]))
    if what == "erase":
        return redirect("listening.queries")
    return redirect("listening.query", name=row.name)
