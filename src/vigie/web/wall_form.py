"""The form in which a teacher opens a wall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.culture import wall as rules
from vigie.culture.wall import Draft
from vigie.culture.wall_models import MOST_DAYS
from vigie.words import Words

OPEN_FOR = timedelta(days=7)
"""How long a wall is open unless a person says otherwise."""
NO_DAYS = -1
"""Days that were not written as a number."""


def blank(now: datetime) -> Draft:
    """Return what the form holds at first."""
    return Draft(hashtag="", title="", closes_at=now + OPEN_FOR)


def drafted(given: Mapping[str, str]) -> Draft:
    """Return what was written in the form."""
    days = given.get("keep_days", "").strip()
    return Draft(
        hashtag=rules.tidy(given.get("hashtag", ""))[:200],
        title=rules.tidy(given.get("title", "")),
        unit=rules.tidy(given.get("unit", ""))[: rules.LONGEST_TITLE],
        is_moderated="is_moderated" in given,
        takes_posts="takes_posts" in given,
        closes_at=_moment(given.get("closes_at", ""), settings.CONFIGURED.zone),
        keep_days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else NO_DAYS,
    )


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a moment of the site's own time zone, as a browser sends it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        return None


def show_form(
    request: HttpRequest, draft: Draft, *, mistakes: Mapping[str, Words] | None = None
) -> HttpResponse:
    """Answer with the form, and beside each field what is wrong with it."""
    closes = draft.closes_at.astimezone(settings.CONFIGURED.zone) if draft.closes_at else None
    shown = {
        "draft": draft,
        "closes_at": f"{closes:%Y-%m-%dT%H:%M}" if closes else "",
        "keep_days": "" if draft.keep_days == NO_DAYS else draft.keep_days,
        "most_days": MOST_DAYS,
        "longest_title": rules.LONGEST_TITLE,
        "mistakes": mistakes or {},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK
    return render(request, "culture/wall_form.html", shown, status=status)
