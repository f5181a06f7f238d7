"""What comes in, from where, how fresh, what failed? And the place to send a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from vigie.columns import records_of
from vigie.model import Run
from vigie.register.rights import IMPORT_FILES, READ_SOURCES, require
from vigie.sources.gathering import health, is_someone_working
from vigie.sources.health import Health
from vigie.sources.models import Connection, Delivery
from vigie.sources.source import WEBHOOK
from vigie.sources.webhook import webhooks
from vigie.web.people import author_of, may
from vigie.web.received import Shelf
from vigie.web.site import site_store
from vigie.web.uploads import NO_FILE, too_large
from vigie.words import Words, _, plural

route = "sources/"
permission = READ_SOURCES
methods = ("GET", "HEAD", "POST")
takes_files = True

LATEST = 100
STEP = "import"


def page(request: HttpRequest) -> HttpResponse:
    """Say how every source stands, or take a file."""
    return _take(request) if request.method == "POST" else _list(request)


def _take(request: HttpRequest) -> HttpResponse:
    require(author_of(request), IMPORT_FILES)
    sent = request.FILES.get("file")
    if getattr(request, "file_too_large", False):
        return _list(request, mistake=too_large(command="vigie import FILE"))
    if sent is None or not sent.size:
        return _list(request, mistake=NO_FILE)
    shelf = Shelf(settings.CONFIGURED.home)
    received = shelf.keep(sent, by=request.user.get_username(), now=datetime.now(UTC))
    return _seen(received.name)


def _seen(name: str) -> HttpResponseRedirect:
    return redirect("sources.received", name=name)


def _list(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    store, now = site_store(), datetime.now(UTC)
    runs = store.table("runs")
    imports = runs.filter(runs.step == STEP)
    total = int(imports.count().to_pyarrow().as_py())
    latest = imports.order_by(imports.ended_at.desc(), imports.run).limit(LATEST).to_pyarrow()
    found = health(store, settings=settings.CONFIGURED, now=now)
    asked = [one for one in found if one.state not in ("needs", "idle")]
    shown = {
        "title": _title(asked),
        "asked": asked,
        "others": [one for one in found if one.state in ("needs", "idle")],
        "nobody_works": not is_someone_working(now),
        "ways_in": _ways_in(),
        "runs": records_of(Run, latest),
        "total": total,
        "waiting": Shelf(settings.CONFIGURED.home).waiting(),
        "may_import": may(request, IMPORT_FILES),
        "mistake": mistake,
        "limit": settings.CONFIGURED.upload_limit,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "sources/sources.html", shown, status=status)


def _title(asked: Sequence[Health]) -> Words:
    waiting_for_you = sum(one.needs_attention for one in asked)
    if waiting_for_you:
        return plural(
            "{count} network needs you", "{count} networks need you", count=waiting_for_you
        )
    answering = sum(one.state in ("working", "asking") for one in asked)
    if answering:
        return plural("{count} network answers", "{count} networks answer", count=answering)
    return _("What comes in, and how fresh is it?")


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """A webhook, and what came by it."""

    name: str
    label: Words
    is_connected: bool
    count: int
    last: datetime | None


def _ways_in() -> list[WayIn]:
    connected = set(Connection.objects.values_list("connector", flat=True))
    counted = Delivery.objects.values_list("webhook").annotate(Count("id"), Max("received_at"))
    known = {name: (count, last) for name, count, last in counted.order_by()}
    return [
        WayIn(
            name=name,
            label=cls.label,
            is_connected=WEBHOOK + name in connected,
            count=known.get(name, (0, None))[0],
            last=known.get(name, (0, None))[1],
        )
        for name, cls in webhooks().items()
    ]
