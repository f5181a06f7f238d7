"""What is spoken of, what is new in it, and under which names?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from vigie import flow
from vigie.collect.connecting import may_show_words
from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import theme_changes
from vigie.listening.models import Theme
from vigie.listening.theme_document import SCOPES, Point, Told, document
from vigie.listening.theme_list import Kept, Shown, hidden, name_of, shown
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING, require
from vigie.sources.models import Work
from vigie.sources.turns import THEMES, make_due
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.web.shown import show_fresh
from vigie.web.site import site_store
from vigie.words import Words, _

route = "listening/themes/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

POSTS_SHOWN = 20
DONE: Mapping[str, Words] = {
    "name": _("The theme bears its name, also in later runs."),
    "merge": _("The two themes are counted as one, also in later runs."),
    "part": _("The themes are counted apart again."),
    "again": _("Themes are found again at the next turn of a worker."),
}


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the themes of the last half-year, one of them, or change one."""
    return _do(request) if request.method == "POST" else _show(request)


def _do(request: HttpRequest) -> HttpResponseBase:
    what, theme = request.POST.get("do", ""), request.POST.get("theme", "")
    if what not in DONE:
        raise Http404
    try:
        _done(request, what, theme)
    except ForbiddenError:
        raise
    except ListeningError as error:
        return _show(request, mistake=error.words)
    messages.success(request, said(DONE[what]))
    chosen = request.POST.get("into") if what == "merge" else request.POST.get("back", theme)
    asked = {"scope": _scope(request), **({"theme": chosen} if chosen else {})}
    response = redirect("listening.themes")
    response["Location"] += f"?{urlencode(asked)}"
    return response


def _done(request: HttpRequest, what: str, theme: str) -> None:
    by = author_of(request)
    if what == "again":
        require(by, WRITE_LISTENING)
        make_due(THEMES, now=datetime.now(UTC))
        return
    if what == "part":
        theme_changes.part_theme(theme, by=by)
        return
    found = {one.theme: one for one in flow.known_themes(site_store(), _scope(request))}
    if theme not in found:
        raise Http404
    if what == "name":
        theme_changes.name_theme(found[theme], request.POST.get("name", ""), by=by)
        return
    into = found.get(request.POST.get("into", ""))
    if into is None:
        raise ListeningError(_("Choose the theme to merge it into."))
    theme_changes.merge_theme(found[theme], into, by=by)


def _scope(request: HttpRequest) -> str:
    asked = request.POST.get("scope") or request.GET.get("scope", "")
    return asked if asked in SCOPES else "others"


def _show(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponseBase:
    scope = _scope(request)
    kept = _kept()
    told = _told(scope, kept)
    beside = {
        "scope": scope,
        "themes": told.themes,
        "looked_at": Work.objects.filter(kind=THEMES)
        .values_list("last_success", flat=True)
        .first(),
        "may_write": may(request, WRITE_LISTENING),
        "mistake": mistake,
        **_chosen(request, told, kept),
    }

    def address(kind: str, which: str) -> str:
        return f"?{urlencode({'scope': scope, kind: which})}#chosen"

    made = document(told, address=address, now=datetime.now(UTC))
    response = show_fresh(request, made, template="listening/themes.html", beside=beside)
    if mistake is not None:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _kept() -> Mapping[str, Kept]:
    rows = Theme.objects.select_related("merged_into")
    return {
        row.fingerprint: Kept(
            name=row.name, into=row.merged_into.fingerprint if row.merged_into else None
        )
        for row in rows
    }


def _told(scope: str, kept: Mapping[str, Kept]) -> Told:
    store = site_store()
    found = flow.known_themes(store, scope)
    weeks: dict[str, list[Point]] = {}
    for one in flow.theme_weeks(store, scope):
        point = Point(week=one.week, posts=one.posts, authors=one.authors)
        weeks.setdefault(one.theme, []).append(point)
    return Told(
        scope=scope,
        themes=shown(found, kept),
        hidden=hidden(found, kept),
        terms=flow.emerging_terms(store, scope),
        weeks=weeks,
        sample=found[0] if found else None,
    )


def _chosen(request: HttpRequest, told: Told, kept: Mapping[str, Kept]) -> Mapping[str, object]:
    """Return the theme or the term that is asked for, with its posts."""
    # Said even when it is nothing: the frame of a report has choices of that name.
    nothing: Mapping[str, object] = {"chosen": None}
    asked = request.POST.get("theme") or request.GET.get("theme", "")
    term = request.GET.get("term", "")
    for theme in told.themes:
        if theme.theme == asked:
            return _theme(told.scope, theme, kept)
    for one in told.terms:
        if one.term == term:
            keys = [_key(said_in) for said_in in one.said_in]
            rows = flow.posts_of(
                site_store(), told.scope, keys, first=one.first_day, last=one.last_day
            )
            return {**nothing, "term": one, "rows": _rows(rows[:POSTS_SHOWN])}
    return nothing


def _theme(scope: str, theme: Shown, kept: Mapping[str, Kept]) -> Mapping[str, object]:
    names = [one.theme for one in theme.parts]
    return {
        "chosen": theme,
        "given": kept[theme.theme].name if theme.theme in kept else "",
        "merged": [(name_of(one, kept), one) for one in theme.merged],
        "rows": _rows(flow.posts_of_themes(site_store(), scope, names, most=POSTS_SHOWN)),
    }


def _key(said_in: str) -> tuple[str, str]:
    network, _space, post = said_in.partition(" ")
    return network, post


def _rows(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [
        {**row, "text": row["text"] if may_show_words(row["network"]) else None,
         "may_show": may_show_words(row["network"])}
        for row in rows
    ]  # fmt: skip
