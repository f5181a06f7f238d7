"""On which days is more or less said than usual? Ours by rule, and what a team adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from vigie.collect.address import NETWORKS
from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import changes, tables
from vigie.listening.academic_year import FRENCH_ZONES, defaults, usual_factor
from vigie.listening.calendar import NO_CHANGE, calendar
from vigie.listening.gathering import names_of_institutions
from vigie.listening.kept import KeptEvent
from vigie.present import naming
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.web import calendar_form
from vigie.web.people import author_of, may
from vigie.web.sentences import reader_language, said
from vigie.words import Words, _

route = "listening/calendar/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

SEPTEMBER = 9
EARLIEST, LATEST = 2000, 2100
DONE: Mapping[str, Words] = {
    "keep": _("The event is kept: the next forecasts know it."),
    "never": _("It does not take place here: the calendar changes nothing on these days."),
    "erase": _("The event is taken out; where there is a rule for it, the rule holds again."),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """An event of the list."""

    event: KeptEvent
    title: str
    kind: Words
    where: Words | str
    """The network or institution it is limited to."""
    guess: float
    """Its factor until the archive says more."""
    is_kept: bool
    """A person keeps it; otherwise it is by rule."""
    is_by_rule: bool
    """There is a rule for it."""

    @property
    def is_void(self) -> bool:
        """Whether it changes nothing."""
        return self.event.factor == NO_CHANGE


def page(request: HttpRequest) -> HttpResponse:
    """Show an academic year, or change an event."""
    return _do(request) if request.method == "POST" else _show(request)


def _do(request: HttpRequest) -> HttpResponse:
    what = request.POST.get("do", "")
    if what not in DONE:
        raise Http404
    try:
        _done(request, what)
    except ForbiddenError:
        raise
    except ListeningError as error:
        return _show(request, mistake=error.words)
    messages.success(request, said(DONE[what]))
    response = redirect("listening.calendar")
    response["Location"] += f"?{urlencode({'year': _year(request)})}"
    return response


def _done(request: HttpRequest, what: str) -> None:
    by, name = author_of(request), request.POST.get("event", "")[:64]
    by_rule = _by_rule(_year(request))
    if what == "erase":
        changes.erase_event(name, by=by)
    elif what == "never":
        if name not in by_rule:
            raise Http404
        changes.keep_event(_void(by_rule[name]), by=by)
    else:
        given = calendar_form.entered(request.POST.dict(), usual=frozenset(by_rule))
        changes.keep_event(given, by=by)


def _void(event: KeptEvent) -> KeptEvent:
    return KeptEvent(**{**vars(event), "factor": NO_CHANGE})


def _year(request: HttpRequest) -> int:
    asked = request.POST.get("year") or request.GET.get("year", "")
    today = datetime.now(UTC).date()
    now = today.year if today.month >= SEPTEMBER else today.year - 1
    if asked.isascii() and asked.isdigit() and EARLIEST <= int(asked[:4]) <= LATEST:
        return int(asked[:4])
    return now


def _span(year: int) -> tuple[date, date]:
    return date(year, SEPTEMBER, 1), date(year + 1, SEPTEMBER - 1, 31)


def _by_rule(year: int) -> dict[str, KeptEvent]:
    if settings.CONFIGURED.timezone not in FRENCH_ZONES:
        return {}
    return {event.name: event for event in defaults(*_span(year))}


def _show(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    year = _year(request)
    first, last = _span(year)
    kept = tables.events()
    events = calendar(kept, first=first, last=last, zone=settings.CONFIGURED.timezone)
    lines = _lines(events, kept={one.name for one in kept}, by_rule=_by_rule(year))
    asked = request.GET.get("event", "")
    chosen = next((one for one in events if one.name == asked), None)
    posted = request.POST.dict() if mistake is not None else None
    shown = {
        "lines": lines,
        "year": year,
        "following": year + 1,
        "before": year - 1,
        "chosen": chosen,
        "form": posted or calendar_form.filled(chosen),
        "kinds": calendar_form.KIND_NAMES,
        "networks": [(name, naming.network(name)) for name in NETWORKS],
        "institutions": names_of_institutions(),
        "is_french": settings.CONFIGURED.timezone in FRENCH_ZONES,
        "may_write": may(request, WRITE_LISTENING),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "listening/calendar.html", shown, status=status)


def _lines(
    events: tuple[KeptEvent, ...], *, kept: set[str], by_rule: Mapping[str, KeptEvent]
) -> list[Line]:
    names, language = names_of_institutions(), reader_language()
    return [
        Line(
            event=event,
            title=event.title.get(language) or next(iter(event.title.values()), event.name),
            kind=calendar_form.KIND_NAMES[event.kind],
            where=_where(event, names),
            guess=usual_factor(event),
            is_kept=event.name in kept,
            is_by_rule=event.name in by_rule,
        )
        for event in events
    ]


def _where(event: KeptEvent, names: Mapping[str, str]) -> Words | str:
    if event.network is not None:
        return naming.network(event.network)
    if event.institution is not None:
        return names.get(event.institution, event.institution)
    return _("everywhere")
