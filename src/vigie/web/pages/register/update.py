"""What would change, one item at a time: accepted or left, and nothing silently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from vigie import flow
from vigie.errors import RegisterError
from vigie.register import tables
from vigie.register.changes import Applied, apply_update, reject
from vigie.register.item import KINDS, QUESTIONS, from_json
from vigie.register.item_words import EVIDENCE_WORDS, KIND_WORDS, words_of
from vigie.register.models import Update, UpdateItem
from vigie.register.rights import CHANGE_REGISTER
from vigie.web.asking import asked_page
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.web.site import site_store
from vigie.words import Words, _, plural

route = "register/updates/<int:number>/"
permission = CHANGE_REGISTER
methods = ("GET", "HEAD", "POST")

PAGE = 100
STATES = ("pending", "accepted", "rejected")
UNFIT_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Items of one kind: how many, and in which state."""

    name: str
    words: Words
    is_question: bool
    pending: int
    accepted: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One item, as it is read."""

    id: str
    words: Words
    evidence: Words | None
    institution: str
    state: str
    decided_by: str


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show the items of an update, or decide some of them."""
    update = Update.objects.filter(pk=number).first()
    if update is None:
        raise Http404
    return _decide(request, update) if request.method == "POST" else _show(request, update)


def _show(request: HttpRequest, update: Update) -> HttpResponse:
    kinds = _kinds(update)
    kind = _asked_kind(request, kinds)
    state = request.GET.get("state", "pending")
    state = state if state in STATES else "pending"
    items = update.items.filter(kind=kind, state=state).order_by("position")
    count, number = items.count(), asked_page(request)
    begin = (number - 1) * PAGE
    shown = {
        "update": update,
        "title": _title(kinds),
        "kinds": kinds,
        "kind": next((one for one in kinds if one.name == kind), None),
        "state": state,
        "items": [_shown(item) for item in items[begin : begin + PAGE]],
        "count": count,
        "page_number": number,
        "pages": -(-count // PAGE),
    }
    return render(request, "register/update.html", shown)


def _title(kinds: list[Kind]) -> Words:
    pending = sum(kind.pending for kind in kinds)
    if pending:
        return plural(
            "{count} difference waits for your decision",
            "{count} differences wait for your decision",
            count=pending,
        )
    return _("Every difference was decided") if kinds else _("This file says nothing new")


def _kinds(update: Update) -> list[Kind]:
    pairs = Counter(update.items.values_list("kind", "state"))
    return [
        Kind(
            name=name,
            words=KIND_WORDS[name],
            is_question=name in QUESTIONS,
            pending=pairs[name, "pending"],
            accepted=pairs[name, "accepted"],
            rejected=pairs[name, "rejected"],
        )
        for name in KINDS
        if any(pairs[name, state] for state in STATES)
    ]


def _asked_kind(request: HttpRequest, kinds: list[Kind]) -> str:
    asked = request.GET.get("kind", "")
    waiting = [kind.name for kind in kinds if kind.pending]
    known = [kind.name for kind in kinds]
    return asked if asked in known else next(iter([*waiting, *known]), "")


def _shown(row: UpdateItem) -> Shown:
    item = from_json(row.content)
    return Shown(
        id=row.item,
        words=words_of(item),
        evidence=EVIDENCE_WORDS.get(item.evidence or ""),
        institution=item.institution,
        state=row.state,
        decided_by=row.decided_by,
    )


def _decide(request: HttpRequest, update: Update) -> HttpResponse:
    named, kind = request.POST.getlist("item"), request.POST.get("kind", "")
    what, _sep, scope = request.POST.get("do", "").partition("-")
    if scope == "all":
        # What a person is asked about is never decided in bulk.
        waiting = update.items.filter(kind=kind, state="pending").exclude(kind__in=QUESTIONS)
        named = list(waiting.values_list("item", flat=True))
    if not named or what not in ("accept", "reject"):
        messages.error(request, said(_("Choose at least one difference first.")))
        return _back(update, kind)
    try:
        done = _apply(request, update, what, named)
    except RegisterError as error:
        messages.error(request, said(error.words))
        return _back(update, kind)
    _tell(request, what, len(named), done)
    return _back(update, kind if update.items.filter(kind=kind, state="pending").exists() else "")


def _apply(request: HttpRequest, update: Update, what: str, named: list[str]) -> Applied:
    if what == "reject":
        return reject(update.pk, named, by=author_of(request))
    done = apply_update(update.pk, accepted=named, by=author_of(request))
    store = site_store()
    flow.keep_register(store, tables.rows())
    return done


def _tell(request: HttpRequest, what: str, asked: int, done: Applied) -> None:
    count = asked - len(done.refused)
    if what == "accept":
        words = plural(
            "{count} difference was accepted: the register now says so.",
            "{count} differences were accepted: the register now says so.",
            count=count,
        )
    else:
        words = plural(
            "{count} difference was left as it is, and will not be asked again.",
            "{count} differences were left as they are, and will not be asked again.",
            count=count,
        )
    messages.success(request, said(words))
    for _item, reason in done.refused[:UNFIT_SHOWN]:
        messages.error(request, said(reason))


def _back(update: Update, kind: str) -> HttpResponse:
    response = redirect("register.update", number=update.pk)
    if kind:
        response["Location"] += f"?{urlencode({'kind': kind})}"
    return response
