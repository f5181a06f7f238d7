"""Shows a document: a page in the frame, or exactly the same as a file; fast when unchanged."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from itertools import chain

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from vigie import flow
from vigie.present.document import Document
from vigie.store.store import Store
from vigie.web import kept
from vigie.web.frame import code_mark
from vigie.web.sentences import reader_language
from vigie.web.site import FRAME_TABLES, Marks, marks, site_store

FORMATS = ("pdf", "xlsx", "csv", "json")
"""In the order they are offered."""

_making = threading.Lock()

Choices = Mapping[str, str]
Build = Callable[[Store, Choices, datetime], Document]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Everything a page is made of: when none of it changed, neither did the page."""

    name: str
    choices: Choices
    language: str
    day: str
    """Freshness is said in words, which change from one day to the next."""
    marks: Marks

    @property
    def digest(self) -> str:
        """Return what changes whenever the page would."""
        parts = (
            self.name, sorted(self.choices.items()), self.language, self.day, self.marks,
            code_mark(),
        )  # fmt: skip
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def show_report(
    request: HttpRequest,
    report: str,
    *,
    given: Choices | None = None,
    template: str = "report.html",
    beside: Mapping[str, object] | None = None,
) -> HttpResponseBase:
    """Answer with a report as a page, or as the file ``?format=`` names."""
    known = flow.report_names()[report]
    wanted = {choice.name: ",".join(request.GET.getlist(choice.name)) for choice in known.choices}
    return show(
        request,
        report,
        build=partial(_report, report),
        tables=known.needs,
        choices={**wanted, **(given or {})},
        template=template,
        beside=beside,
    )


def _report(name: str, store: Store, choices: Choices, now: datetime) -> Document:
    return flow.build_report(store, name, choices, now=now)


def show(
    request: HttpRequest,
    name: str,
    *,
    build: Build,
    tables: frozenset[str],
    choices: Choices,
    template: str = "report.html",
    beside: Mapping[str, object] | None = None,
) -> HttpResponseBase:
    """Answer with a document, built only when something it is made of changed."""
    asked = Asked(
        name=name,
        choices={choice: value for choice, value in choices.items() if value},
        language=reader_language(),
        day=datetime.now(settings.CONFIGURED.zone).date().isoformat(),
        marks=marks(site_store(), tables | FRAME_TABLES),
    )
    wanted = request.GET.get("format")
    if wanted:
        return _file(_built(build, asked), wanted, asked.language)
    return _conditional(request, asked, build, template, beside or {})


def show_fresh(
    request: HttpRequest,
    document: Document,
    *,
    template: str = "report.html",
    beside: Mapping[str, object] | None = None,
) -> HttpResponseBase:
    """Answer with a document made just now, from records that change under one's hands."""
    wanted = request.GET.get("format")
    if wanted:
        return _file(document, wanted, reader_language())
    html = b"".join(flow.render(document, "html", reader_language())).decode("utf-8")
    shown = kept.Shown(html=html, title=document.title, lead=document.lead)
    content = {"shown": shown, "formats": FORMATS, "chosen": document.choices, **(beside or {})}
    response = render(request, template, content)
    response["Cache-Control"] = "private, no-store"
    return response


def _built(build: Build, asked: Asked) -> Document:
    return build(site_store(), asked.choices, datetime.now(UTC))


def _conditional(
    request: HttpRequest, asked: Asked, build: Build, template: str, beside: Mapping[str, object]
) -> HttpResponseBase:
    # The frame of someone signed in holds a form of theirs: only strangers share a mark.
    etag = None if request.user.is_authenticated or beside else f'W/"{asked.digest}"'
    if etag is not None:
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None and unchanged.status_code == HTTPStatus.NOT_MODIFIED:
            return unchanged
    shown = _shown(asked, build)
    content = {"shown": shown, "formats": FORMATS, "chosen": asked.choices, **beside}
    response = render(request, template, content)
    if etag is not None:
        response["ETag"] = etag
    # A browser asks each time, and is told in a few bytes that nothing changed.
    response["Cache-Control"] = "private, no-cache"
    return response


def _shown(asked: Asked, build: Build) -> kept.Shown:
    shown = kept.pages.get(asked.digest)
    if shown is not None:
        return shown
    # One page is made at a time: who comes for it meanwhile gets the one that was made.
    with _making:
        shown = kept.pages.get(asked.digest)
        if shown is not None:
            return shown
        document = _built(build, asked)
        html = b"".join(flow.render(document, "html", asked.language)).decode("utf-8")
        shown = kept.Shown(html=html, title=document.title, lead=document.lead)
        kept.pages.put(asked.digest, shown)
    return shown


def _file(document: Document, wanted: str, language: str) -> HttpResponseBase:
    pieces = flow.render(document, wanted, language)
    # The first piece is made before the answer begins: an error is still a page of its own.
    first = next(pieces, b"")
    kind = flow.format_names()[wanted]
    response = StreamingHttpResponse(_flowing(first, pieces), content_type=kind.media_type)
    disposition = "inline" if wanted in ("json", "html") else "attachment"
    name = _file_name(document, kind.suffix)
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _flowing(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    return chain((first,), rest)


def _file_name(document: Document, suffix: str) -> str:
    said = "-".join([document.name, *(value for _name, value in sorted(document.choices.items()))])
    safe = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in said.lower())
    parts = [part for part in safe.split("-") if part]
    return f"vigie-{'-'.join(parts)[:100]}.{suffix.lstrip('.')}"
