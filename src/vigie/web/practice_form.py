"""The form in which people write a practice: read from a request, shown with its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.culture.practice import FIELDS, KINDS, LONGEST_TITLE, OWNERS, PERSON, Draft
from vigie.present.naming import NETWORKS
from vigie.words import Words

LINES = frozenset({"seen", "copying", "support", "reused_by", "notes"})
"""Fields that may hold paragraphs."""


def drafted(given: Mapping[str, str]) -> Draft:
    """Return what was written in the form."""
    texts = {
        name: _text(given.get(name, ""), keeps_lines=name in LINES)
        for name in FIELDS
        if name != "consented_on"
    }
    texts["hashtag"] = texts["hashtag"].lstrip("#")
    return Draft(**texts, consented_on=_day(given.get("consented_on", "")))


def _text(text: str, *, keeps_lines: bool) -> str:
    lines = text.replace("\r\n", "\n").split("\n") if keeps_lines else [text]
    seen = ("".join(sign if sign.isprintable() else " " for sign in line) for line in lines)
    return "\n".join(line.strip() for line in seen).strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def show_form(
    request: HttpRequest,
    draft: Draft,
    *,
    number: int | None = None,
    is_from_post: bool = False,
    mistakes: Mapping[str, Words] | None = None,
) -> HttpResponse:
    """Answer with the form, and beside each field what is wrong with it."""
    shown = {
        "draft": draft,
        "number": number,
        "is_from_post": is_from_post,
        "mistakes": mistakes or {},
        "kinds": KINDS,
        "owners": OWNERS,
        "person": PERSON,
        "networks": NETWORKS,
        "longest_title": LONGEST_TITLE,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK
    return render(request, "culture/practice_form.html", shown, status=status)
