"""Who changed what, when? The log, narrowed as one wishes, and whether it is whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.register import log
from vigie.register.log import Wanted
from vigie.register.rights import READ_LOG
from vigie.web.log_document import log_document
from vigie.web.log_words import facts_words, kinds, sentence, subject_words
from vigie.web.people import author_of
from vigie.web.shown import show_fresh

route = "settings/log/"
permission = READ_LOG
methods = ("GET", "HEAD", "POST")

PAGE = 100
LONGEST = 120
FORMATS = ("csv", "json", "xlsx")


def page(request: HttpRequest) -> HttpResponseBase:
    """List entries, the last one first; POST reads the whole chain and says whether it holds."""
    wanted, by = _wanted(request), author_of(request)
    if request.GET.get("format") in FORMATS:
        made = log_document(log.entries(wanted, by=by), now=datetime.now(UTC))
        return show_fresh(request, made)
    rows = log.entries(wanted, by=by)
    before = request.GET.get("before", "")
    is_later = before.isascii() and before.isdigit() and len(before) < 19
    found = list((rows.filter(number__lt=int(before)) if is_later else rows)[: PAGE + 1])
    shown = {
        "rows": [
            (row, sentence(row.action, row.by), *subject_words(row.subject), facts_words(row.facts))
            for row in found[:PAGE]
        ],
        "total": rows.count(),
        "wanted": wanted,
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
        "authors": log.authors(),
        "kinds": kinds(log.actions()),
        "is_first": not is_later,
        "next_page": found[PAGE - 1].number if len(found) > PAGE else 0,
        "verdict": log.verify() if request.method == "POST" else None,
        "formats": FORMATS,
    }  # fmt: skip
    response = render(request, "register/log.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _wanted(request: HttpRequest) -> Wanted:
    until = _midnight(request.GET.get("until", ""))
    return Wanted(
        by=request.GET.get("by", "")[:LONGEST],
        action=request.GET.get("action", "")[:LONGEST],
        subject=request.GET.get("subject", "").strip()[:LONGEST],
        of=request.GET.get("of", "")[: log.LONGEST_SUBJECT],
        since=_midnight(request.GET.get("since", "")),
        until=until and until + timedelta(days=1),
    )


def _midnight(text: str) -> datetime | None:
    """Return when a day began here; none when it is none."""
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day, time(), settings.CONFIGURED.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
