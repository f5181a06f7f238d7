"""By which boxes do questions come in, is each read, and does its journal add up?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox.box_changes import boxes_seen
from vigie.inbox.channel import known_channels
from vigie.inbox.intake import Journal, journal
from vigie.inbox.models import Box
from vigie.register.rights import CONNECT_INBOX, ENTER_INBOX
from vigie.sources.gathering import is_someone_working
from vigie.web import inbox_hand
from vigie.web.inbox_boxes import stands
from vigie.words import Words, _, plural

route = "inbox/boxes/"
permission = ENTER_INBOX

LATELY = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A box, with what came in by it of late."""

    box: Box
    stands: Words
    journal: Journal


def page(request: HttpRequest) -> HttpResponseBase:
    """List the boxes, and the channels that can be connected."""
    seeing, now = inbox_hand.eyes(request), datetime.now(UTC)
    rows = [_row(box, now) for box in boxes_seen(seeing)]
    shown = {
        "title": _title(rows),
        "rows": rows,
        "days": LATELY.days,
        "channels": [(name, member.label) for name, member in known_channels().items()],
        "may_connect": seeing.author.may(CONNECT_INBOX),
        "nobody_works": bool(rows) and not is_someone_working(now),
    }
    response = render(request, "inbox/boxes.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _row(box: Box, now: datetime) -> Row:
    found = journal(box, since=now - LATELY)
    return Row(box=box, stands=stands(box, waiting=found.waiting, now=now), journal=found)


def _title(rows: Sequence[Row]) -> Words:
    if not rows:
        return _("Nothing can come in yet")
    broken = sum(row.box.state == "broken" for row in rows)
    if broken:
        return plural("{count} box cannot be read", "{count} boxes cannot be read", count=broken)
    aside = sum(row.journal.refused_payloads for row in rows)
    if aside:
        return plural(
            "{count} payload is in quarantine", "{count} payloads are in quarantine", count=aside
        )
    paused = sum(row.box.state == "paused" for row in rows)
    if paused:
        return plural("{count} box is paused", "{count} boxes are paused", count=paused)
    return _("Every box is read, and its journal adds up")
