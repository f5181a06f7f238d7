"""What does the class ask? Ask it too, without an account and without a name."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from vigie.culture import asking, board
from vigie.culture import wall as rules
from vigie.culture.wall_models import Wall
from vigie.errors import CultureError, TooOftenError
from vigie.web import wall_patience
from vigie.web.page import PUBLIC
from vigie.web.sentences import figure, said
from vigie.web.wall_cookie import Mine, mine, remember
from vigie.web.walls import addresses, is_open, wall_of, wall_with_code
from vigie.words import Words, _, plural

route = "wall/<str:hashtag>/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")

TRAP = "confirm_topic"
"""A field nobody sees: only a program fills it in."""
TRAPPED = _("The last field must stay empty: it is there for programs. Empty it, then ask again.")
OUTCOMES: Mapping[str, Words] = {
    "new": _("Your question is on the wall."),
    "waiting": _("Your question is with the teacher, who shows it once it is approved."),
    "same": _("Somebody asked the same: you now count among those who ask it."),
    "repeated": _("You asked this already: it counts once."),
}
MOST_DIGITS = 7
MOST_TYPED = 2000
"""Letters given back for correction; what is longer was not typed."""
ONE_ASKS = plural("person asks", "people ask", count=1)
SEVERAL_ASK = plural("person asks", "people ask", count=2)
ORDERS: Mapping[str, Words] = {"": _("Most asked"), "new": _("Newest")}


def page(request: HttpRequest, hashtag: str) -> HttpResponse:
    """Show the questions of a wall, take one, or count a vote."""
    now = datetime.now(UTC)
    wall = wall_of(hashtag)
    if wall is None:
        found = wall_with_code(hashtag, now)
        if found is None:
            raise Http404
        return redirect("culture.public_wall", hashtag=found.tag)
    if request.method == "POST":
        return _do(request, wall, now)
    return _show(request, wall, now)


@dataclass(frozen=True, kw_only=True)
class Form:
    """What the form says after a question was sent."""

    typed: str = ""
    mistake: Words | None = None
    outcome: Words | None = None
    number: int | None = None
    status: HTTPStatus = HTTPStatus.OK


def _show(request: HttpRequest, wall: Wall, now: datetime) -> HttpResponse:
    is_piece, seen = bool(request.headers.get("HX-Request")), request.GET.get("seen")
    if not is_open(wall, now):
        return _closed(request, wall, is_piece=is_piece)
    if is_piece and seen == str(wall.version):
        # Nothing changed: the page stays as it is.
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if is_piece and seen is not None:
        return _questions(request, wall, mine(request, wall))
    return _whole(request, wall, now, form=_told(request))


def _told(request: HttpRequest) -> Form:
    """Return what became of a question, when its sender comes back from sending it."""
    outcome, number = OUTCOMES.get(request.GET.get("became", "")), request.GET.get("number", "")
    known = number.isascii() and number.isdigit() and len(number) < MOST_DIGITS
    return Form(outcome=outcome, number=int(number) if known and outcome else None)


def _closed(request: HttpRequest, wall: Wall, *, is_piece: bool) -> HttpResponse:
    if is_piece:
        # The page around the piece is over as well.
        return HttpResponse(status=HTTPStatus.OK, headers={"HX-Refresh": "true"})
    return render(request, "culture/wall_closed.html", {"wall": wall})


def _do(request: HttpRequest, wall: Wall, now: datetime) -> HttpResponse:
    if not is_open(wall, now):
        return _closed(request, wall, is_piece=bool(request.headers.get("HX-Request")))
    if "vote" in request.POST or "unvote" in request.POST:
        return _vote(request, wall, now)
    return _ask(request, wall, now)


def _ask(request: HttpRequest, wall: Wall, now: datetime) -> HttpResponse:
    typed, kept = request.POST.get("question", "")[:MOST_TYPED], mine(request, wall)
    try:
        if request.POST.get(TRAP):
            raise CultureError(TRAPPED)
        wall_patience.spend_address(request, wall)
        mistake = rules.mistake_of(rules.tidy(typed))
        if mistake is not None:
            raise CultureError(mistake)
        kept = wall_patience.spend(kept, int(now.timestamp()))
        asked = asking.ask(wall.pk, typed, mine=kept.numbers, at=now)
    except TooOftenError as error:
        status = HTTPStatus.TOO_MANY_REQUESTS
        return _answered(request, wall, now, Form(typed=typed, mistake=error.words, status=status))
    except CultureError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _answered(request, wall, now, Form(typed=typed, mistake=error.words, status=status))
    became = _became(asked)
    number = None if asked.is_waiting else asked.number
    form = Form(outcome=OUTCOMES[became], number=number)
    response = _answered(request, wall, now, form, became=became)
    remember(response, wall, kept.with_asked(asked.number))
    return response


def _became(asked: asking.Asked) -> str:
    if asked.is_repeated:
        return "repeated"
    if asked.is_waiting:
        return "waiting"
    return "new" if asked.is_new else "same"


def _answered(
    request: HttpRequest, wall: Wall, now: datetime, form: Form, *, became: str = ""
) -> HttpResponse:
    """Answer with the form alone where the page can take a piece, or with the whole page."""
    if request.headers.get("HX-Request"):
        response = render(request, "culture/wall_ask.html", _form(wall, form), status=form.status)
        if form.outcome:
            response["HX-Trigger"] = "asked"
        return response
    if form.outcome is None:
        return _whole(request, wall, now, form=form)
    # Loading the page again must not ask again.
    place = {"became": became, **({"number": str(form.number)} if form.number else {})}
    return _back(wall, f"?{urlencode(place)}#asked")


def _vote(request: HttpRequest, wall: Wall, now: datetime) -> HttpResponse:
    number = _number(request.POST.get("vote") or request.POST.get("unvote") or "")
    wall_patience.spend_address(request, wall)
    kept = mine(request, wall)
    found = {one.number: one for one in board.shown(board.board(wall))}.get(number)
    if found is None:
        raise CultureError(_("This question is no longer on the wall."))
    if "vote" in request.POST and not found.numbers & kept.numbers:
        asking.vote(wall.pk, number, at=now)
        kept = kept.with_vote(number)
    elif "unvote" in request.POST and found.numbers & set(kept.voted):
        voted = found.numbers & set(kept.voted)
        for each in voted:
            asking.unvote(wall.pk, each, at=now)
        kept = kept.without_votes(sorted(voted))
    wall.refresh_from_db(fields=["version"])
    response = (
        _questions(request, wall, kept)
        if request.headers.get("HX-Request")
        else _back(wall, f"#question-{number}")
    )
    remember(response, wall, kept)
    return response


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < MOST_DIGITS):
        raise Http404
    return int(text)


def _back(wall: Wall, place: str) -> HttpResponse:
    return HttpResponseRedirect(
        reverse("culture.public_wall", kwargs={"hashtag": wall.tag}) + place
    )


def _whole(request: HttpRequest, wall: Wall, now: datetime, *, form: Form) -> HttpResponse:
    shown = {
        **_form(wall, form),
        **_listed(request, wall, mine(request, wall)),
        "addresses": addresses(request, wall),
        "erased_after": wall.keep_days,
    }
    response = render(request, "culture/public_wall.html", shown, status=form.status)
    response["Cache-Control"] = "private, no-store"
    return response


def _questions(request: HttpRequest, wall: Wall, kept: Mine) -> HttpResponse:
    response = render(request, "culture/wall_questions.html", _listed(request, wall, kept))
    response["Cache-Control"] = "private, no-store"
    return response


def _form(wall: Wall, form: Form) -> dict[str, object]:
    return {"wall": wall, "form": form, "longest": rules.LONGEST_QUESTION, "trap": TRAP}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A question as the list shows it. All is text: a long list is made in a moment."""

    number: str
    text: str
    people: str
    people_words: str
    vote_words: str
    is_answered: bool
    is_asked: bool
    """By this browser."""
    is_voted: bool


def _row(one: board.OnWall, asked: AbstractSet[int], voted: AbstractSet[int]) -> Row:
    number = _("(question {number})", number=str(one.number))
    return Row(
        number=str(one.number),
        text=one.text,
        people=figure(one.people),
        people_words=said(ONE_ASKS if one.people == 1 else SEVERAL_ASK),
        vote_words=said(number),
        is_answered=one.is_answered,
        is_asked=bool(one.numbers & asked),
        is_voted=bool(one.numbers & voted),
    )


def _listed(request: HttpRequest, wall: Wall, kept: Mine) -> dict[str, object]:
    order = request.GET.get("order", "")
    order = order if order in ORDERS else ""
    found = board.shown(board.board(wall))
    ranked = board.newest(found) if order else board.most_asked(found)
    asked, voted = frozenset(kept.asked), frozenset(kept.voted)
    return {
        "wall": wall,
        "rows": [_row(one, asked, voted) for one in ranked],
        "order": order,
        "orders": ORDERS,
        "is_still": "still" in request.GET,
    }
