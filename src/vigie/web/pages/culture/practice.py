"""What is this practice, how far is it, and what is to be done next?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from vigie.collect.connecting import may_show_words
from vigie.culture import changes
from vigie.culture.models import Practice
from vigie.culture.practice import (
    KINDS,
    OWNERS,
    PERSON,
    STATE_MEANINGS,
    STATE_WORDS,
    STATES,
    Draft,
    lacking,
    mistakes_of,
    next_state,
    state_before,
)
from vigie.errors import CultureError, ForbiddenError
from vigie.present.naming import network
from vigie.register.rights import READ_CULTURE, WRITE_CULTURE
from vigie.web.people import author_of, may
from vigie.web.practice_form import drafted, show_form
from vigie.web.seen_posts import seen_post
from vigie.web.sentences import said
from vigie.web.site import site_store
from vigie.words import Words, _

route = "culture/practices/<int:number>/"
permission = READ_CULTURE
methods = ("GET", "HEAD", "POST")

DONE: Mapping[str, Words] = {
    "next": _("It moved on."),
    "back": _("It moved back."),
    "forget": _("The person is no longer named."),
}
ACTS: Mapping[str, Callable[..., Practice]] = {
    "next": changes.move_on,
    "back": changes.move_back,
    "forget": changes.forget_person,
}


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a practice, its form, or do what was asked."""
    row = Practice.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        return _do(request, row, request.POST.get("do", ""))
    if "edit" in request.GET and may(request, WRITE_CULTURE):
        return show_form(request, row.draft, number=row.pk, is_from_post=bool(row.post))
    return _show(request, row)


def _do(request: HttpRequest, row: Practice, what: str) -> HttpResponse:
    if what == "keep":
        return _keep(request, row)
    if what == "erase":
        changes.erase(row.pk, by=author_of(request))
        messages.success(request, said(_("“{title}” was erased.", title=row.title)))
        return redirect("culture.practices")
    if what not in ACTS:
        raise Http404
    try:
        ACTS[what](row.pk, by=author_of(request))
    except ForbiddenError:
        raise
    except CultureError as error:
        return _show(request, row, mistake=error.words)
    messages.success(request, said(DONE[what]))
    return redirect("culture.practice", number=row.pk)


def _keep(request: HttpRequest, row: Practice) -> HttpResponse:
    draft = drafted(request.POST.dict())
    mistakes = mistakes_of(draft, today=datetime.now(UTC).date())
    if mistakes:
        return show_form(
            request, draft, number=row.pk, is_from_post=bool(row.post), mistakes=mistakes
        )
    changes.describe(row.pk, draft, by=author_of(request))
    messages.success(request, said(_("It is kept.")))
    return redirect("culture.practice", number=row.pk)


def _show(request: HttpRequest, row: Practice, *, mistake: Words | None = None) -> HttpResponse:
    following = next_state(row.state)
    reached = {step.state: step for step in row.steps.all()}
    place = STATES.index(row.state)
    shown = {
        "row": row,
        "kind": KINDS[row.kind],
        "state": STATE_WORDS[row.state],
        "network": network(row.network) if row.network else "",
        "owner_kind": OWNERS.get(row.owner_kind),
        "names_a_person": row.owner_kind == PERSON,
        "states": [
            (STATE_WORDS[one], STATE_MEANINGS[one], reached.get(one), at <= place, one == row.state)
            for at, one in enumerate(STATES)
        ],
        "next": STATE_WORDS[following] if following else None,
        "lacks": _lacks(row.draft, following),
        "before": STATE_WORDS[earlier] if (earlier := state_before(row.state)) else None,
        "seen": seen_post(site_store(), row.network, row.post) if row.post else None,
        "may_show": may_show_words(row.network),
        "may_write": may(request, WRITE_CULTURE),
        "mistake": mistake,
        "edit": reverse("culture.practice", kwargs={"number": row.pk}) + "?edit=1",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "culture/practice.html", shown, status=status)


def _lacks(draft: Draft, following: str | None) -> tuple[str, Words] | None:
    return lacking(draft, following) if following else None
