"""The right of reply: an institution's words beside its figure, seen before they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from vigie import flow
from vigie.errors import RegisterError, ReportError
from vigie.index import place_words
from vigie.index.place import Place
from vigie.index.reading import (
    chosen_edition,
    institution_named,
    is_draft,
    newest_editions,
    statements_of,
)
from vigie.index.replies import printed
from vigie.model import Edition, Institution, Standing
from vigie.present.document import Said
from vigie.register import tables
from vigie.register.changes import write_statement
from vigie.register.replying import LONGEST, mistake_of, one_paragraph, reply
from vigie.register.rights import CHANGE_REGISTER
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.web.site import site_store
from vigie.words import Words, _

route = "institutions/<slug:institution>/reply/"
permission = CHANGE_REGISTER
methods = ("GET", "HEAD", "POST")

READS = (
    "institutions", "editions", "standings", "standing_parts", "other_ranks", "statements",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The row of an edition that is replied to."""

    institution: Institution
    edition: Edition
    standing: Standing
    title: Said
    said_before: Said
    """The replies that stand beside it already."""

    @property
    def address(self) -> str:
        """Return where the row is shown."""
        edition = reverse("index.edition", kwargs={"edition": self.edition.edition})
        return f"{edition}?group={self.standing.group}"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the form holds."""

    words: str = ""
    asks_correction: bool = False

    @property
    def printed(self) -> Said:
        """Return the reply as its row will show it."""
        return printed([(self.words, self.asks_correction)])


def page(request: HttpRequest, institution: str) -> HttpResponse:
    """Ask for the words, show them as they will be printed, then keep them."""
    figure = _figure(institution, request.GET.get("edition", ""))
    if request.method != "POST":
        return _form(request, figure, Draft())
    draft = Draft(
        words=one_paragraph(request.POST.get("words", "")),
        asks_correction="asks_correction" in request.POST,
    )
    what = request.POST.get("do")
    mistake = mistake_of(draft.words)
    if mistake is not None or what == "change":
        return _form(request, figure, draft, mistake=mistake)
    return _keep(request, figure, draft) if what == "keep" else _preview(request, figure, draft)


def _figure(slug: str, edition: str) -> Figure:
    store = site_store()
    known = {name: store.table(name) for name in READS}
    institution = institution_named(known["institutions"], slug)
    chosen = chosen_edition(newest_editions(known["editions"]), {"edition": edition})
    place = Place.of(known, institution, chosen)
    if chosen is None or place.standing is None:
        raise ReportError(
            _(
                "{name} has no row to reply to in this edition. Choose one it is part of.",
                name=institution.name,
            )
        )
    before = statements_of(known["statements"], chosen).get(slug, ())
    return Figure(
        institution=institution,
        edition=chosen,
        standing=place.standing,
        title=place_words.headline(place),
        said_before=printed([(one.words, one.asks_correction) for one in before]),
    )


def _form(
    request: HttpRequest, figure: Figure, draft: Draft, *, mistake: Words | None = None
) -> HttpResponse:
    shown = {
        "figure": figure,
        "draft": draft,
        "mistake": mistake,
        "longest": LONGEST,
        "is_draft_edition": is_draft(figure.edition),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "register/reply.html", shown, status=status)


def _preview(request: HttpRequest, figure: Figure, draft: Draft) -> HttpResponse:
    return render(request, "register/reply_preview.html", {"figure": figure, "draft": draft})


def _keep(request: HttpRequest, figure: Figure, draft: Draft) -> HttpResponse:
    statement = reply(
        institution=figure.institution.institution,
        edition=figure.edition.edition,
        words=draft.words,
        asks_correction=draft.asks_correction,
        at=datetime.now(UTC),
    )
    try:
        write_statement(statement, by=author_of(request))
    except RegisterError as error:
        return _form(request, figure, draft, mistake=error.words)
    flow.keep_register(site_store(), tables.rows())
    words = _(
        "The reply of {institution} is shown with its row.", institution=figure.institution.name
    )
    messages.success(request, said(words))
    return HttpResponseRedirect(figure.address)
