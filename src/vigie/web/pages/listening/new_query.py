"""What shall be listened to, and why? A new query, with what it would catch while one types."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from vigie.listening import changes
from vigie.register.rights import WRITE_LISTENING
from vigie.web.query_page import kept, show
from vigie.web.sentences import said
from vigie.words import _

route = "listening/queries/new/"
permission = WRITE_LISTENING
methods = ("GET", "HEAD", "POST")

DONE = _("The query is kept, and stands in the public register. Say now who is to be warned.")


def page(request: HttpRequest) -> HttpResponse:
    """Show an empty form, what the words would catch, or keep the query."""
    if request.method != "POST" or request.POST.get("do") != "keep":
        return show(request, row=None)
    name = changes.free_name(request.POST.get("title", ""))
    mistake = kept(request, name)
    if mistake is not None:
        return show(request, row=None, mistake=mistake)
    messages.success(request, said(DONE))
    return redirect("listening.query", name=name)
