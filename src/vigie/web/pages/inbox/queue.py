"""What must be answered, by whom, by when?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox import listing
from vigie.inbox.archive_packing import packed
from vigie.inbox.archive_writing import files_of, lines, note_export
from vigie.inbox.counting import Total, total_of
from vigie.inbox.listing import NOBODYS, ORDERS, Chosen, Place, Wanted
from vigie.inbox.models import Box
from vigie.inbox.models.choices import KINDS, STATES
from vigie.inbox.queue_document import document
from vigie.inbox.recounting import progress_seen
from vigie.inbox.sought import sought
from vigie.inbox.tallying import by_service
from vigie.inbox.visible import Eyes, sight_of
from vigie.inbox.words import KIND_WORDS, ORDER_WORDS, STATE_WORDS
from vigie.register.models import Service
from vigie.register.rights import ANSWER_INBOX, CONNECT_INBOX, ENTER_INBOX, require
from vigie.web.inbox_hand import eyes
from vigie.web.shown import FORMATS, show_fresh
from vigie.words import Words, _

route = "inbox/"
permission = ENTER_INBOX

PAGE = 50
MOST_LETTERS = 200
ANY = "any"
ARCHIVE = "archive"
"""The format that comes back in."""


def page(request: HttpRequest) -> HttpResponseBase:
    """List conversations, what expires first in front."""
    now = datetime.now(UTC)
    seeing, wanted = eyes(request), _wanted(request)
    # What is counted for the list is mostly what its head counts too.
    read = cache(by_service)
    chosen = listing.chosen(seeing, wanted, now=now, read=read)
    if request.GET.get("format") == ARCHIVE:
        return _as_archive(request, seeing, chosen, now)
    if request.GET.get("format"):
        return _as_file(request, chosen, now)
    after = Place.read(request.GET.get("after", ""))
    total = chosen.total()
    found, following = chosen.page(after=after, size=PAGE, total=total)
    services = list(Service.objects.filter(is_active=True).select_related("institution"))
    shown = {
        "rows": found,
        "now": now,
        "total": total_of(total) if chosen.is_counted else Total(count=total),
        "recounted": progress_seen(sight_of(seeing)),
        "counts": listing.counts(seeing, now=now, read=read),
        "wanted": wanted,
        "filters": _filters(wanted, services),
        "is_first": after is None,
        "next_page": str(following) if following else "",
        "has_boxes": bool(found) or Box.objects.exists(),
        "may_answer": seeing.author.may(ANSWER_INBOX) or seeing.services_with(ANSWER_INBOX),
        "services": services,
        "may_take_out": seeing.author.may(CONNECT_INBOX),
        "formats": [name for name in FORMATS if name != "pdf"],
    }
    response = render(request, "inbox/queue.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _as_file(request: HttpRequest, chosen: Chosen, now: datetime) -> HttpResponseBase:
    """Give exactly the conversations that are listed, all pages of them."""
    given = {name: request.GET.get(name, "") for name in CHOICES}
    choices = {name: value for name, value in given.items() if value}
    return show_fresh(request, document(chosen.keys(), choices=choices, now=now))


def _as_archive(
    request: HttpRequest, seeing: Eyes, chosen: Chosen, now: datetime
) -> HttpResponseBase:
    """Give all that was said in the conversations that are listed, to come back in one day.

    With the files that came with it where there are any.
    """
    require(seeing.author, CONNECT_INBOX)
    keys = chosen.keys()
    note_export(len(keys), by=seeing.author, at=now)
    files, home = files_of(keys), settings.CONFIGURED.home
    if files:
        pieces, kind, end = packed(keys, files=files, home=home, now=now), "zip", "zip"
    else:
        pieces, kind, end = lines(keys, now=now), "x-ndjson", "jsonl"
    response = StreamingHttpResponse(pieces, content_type=f"application/{kind}")
    name = f"vigie-conversations-{len(keys)}.{end}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


CHOICES = ("state", "service", "kind", "mine", "free", "late", "q")
"""What the name of a file and its first lines say was asked for."""


def _wanted(request: HttpRequest) -> Wanted:
    state = request.GET.get("state", "open")
    state = "" if state == ANY else _among(state, STATES, "open")
    return Wanted(
        state=state,
        service=request.GET.get("service", "")[:80],
        kind=_among(request.GET.get("kind", ""), KINDS, ""),
        is_mine=bool(request.GET.get("mine")),
        is_free=bool(request.GET.get("free")),
        is_late=bool(request.GET.get("late")),
        order=_among(request.GET.get("order", ""), ORDERS, _usual_order(state)),
        words=sought(request.GET.get("q", "")[:MOST_LETTERS]),
    )


def _usual_order(state: str) -> str:
    """What waits for us is read by what expires first; of the rest, what is newest."""
    return "expiring" if state in ("open", "snoozed") else "newest"


def _among(asked: str, known: tuple[str, ...], otherwise: str) -> str:
    return asked if asked in known else otherwise


def _filters(wanted: Wanted, known: Sequence[Service]) -> list[Mapping[str, object]]:
    services: list[tuple[str, Words | str]] = [
        (name, f"{row} ({row.institution})" if "@" in name else str(row))
        for name, row in listing.names_of(known).items()
    ]
    states = [(name, STATE_WORDS[name]) for name in STATES]
    return [
        _filter("state", _("State"), wanted.state or ANY, [*states, (ANY, _("any"))]),
        _filter(
            "service",
            _("Service"),
            wanted.service,
            [("", _("all")), (NOBODYS, _("nobody yet")), *services],
        ),
        _filter(
            "kind",
            _("Written as"),
            wanted.kind,
            [("", _("all")), *((name, KIND_WORDS[name]) for name in KINDS)],
        ),
        _filter("order", _("Order"), wanted.order, [(name, ORDER_WORDS[name]) for name in ORDERS]),
    ]


def _filter(
    name: str, label: Words, chosen: str, options: list[tuple[str, Words | str]]
) -> Mapping[str, object]:
    return {"name": name, "label": label, "chosen": chosen, "options": options}
