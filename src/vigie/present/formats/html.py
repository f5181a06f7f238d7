"""A document as the main part of a page: everything reads without script or style."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vigie.present import chart, writing
from vigie.present.document import (
    Cell,
    Chart,
    Column,
    Document,
    Grid,
    Interval,
    Link,
)
from vigie.present.format import Format
from vigie.words import Words, _, say

_FIGURES = frozenset({"integer", "decimal", "percent", "chance", "rank", "change", "date", "month",
                      "datetime"})  # fmt: skip
_SENTENCES: Mapping[str, Words] = {
    "unknown": writing.UNKNOWN,
    "empty": _("There is nothing to show here."),
    "pages": _("Pages of the table"),
    "previous": _("Previous page"),
    "next": _("Next page"),
    "behind": _("The table behind this chart"),
    "invented": _("Invented: these institutions do not exist. No figure here is a real one."),
    "filters": _("What to show"),
    "apply": _("Show"),
    "method": _("Method:"),
    "sources": _("Sources:"),
}


class Html(Format):
    """The main part of a page, for the site's frame: one ``h1``, sections, figures, tables."""

    label = _("HTML: the page itself")
    media_type = "text/html; charset=utf-8"
    suffix = ".html"

    def render(self, document: Document, language: str) -> Iterator[bytes]:
        template = _environment().get_template("document.html.jinja")
        words = partial(say, language=language)
        stream = template.stream(
            document=document,
            say=words,
            made=words(_("Made on {moment}.", moment=writing.Moment(document.made_at))),
            sentences={name: words(sentence) for name, sentence in _SENTENCES.items()},
            cell=partial(writing.cell, language=language),
            figure=partial(_figure, language=language),
            ends=partial(writing.interval_ends, language=language),
            figure_lines=partial(writing.figure_lines, language=language),
            paging=partial(_paging, document=document, language=language),
            svg=partial(_svg, language=language),
        )
        stream.enable_buffering(200)
        for piece in stream:
            yield piece.encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("vigie.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        is_link=lambda value: isinstance(value, Link),
        is_interval=lambda value: isinstance(value, Interval),
        is_unknown=_is_unknown,
        is_figure=lambda column: column.kind in _FIGURES,
        kind=lambda block: type(block).__name__,
        raw=_raw,
        safe_href=safe_href,
        figure_column=writing.figure_column,
    )
    return environment


def safe_href(address: str) -> str:
    """Return an address a link may carry: a path of the site or the web, never a script."""
    try:
        scheme = urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return "#"
    return address if scheme in ("", "http", "https", "mailto") else "#"


def _svg(block: Chart, language: str) -> Markup:
    return Markup(chart.svg(block, language))  # made by us: its texts were escaped as XML


def _is_unknown(value: Cell) -> bool:
    if isinstance(value, Interval):
        return value.value is None and value.low is None
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _raw(value: Cell) -> str:
    """Return what a column is sorted by."""
    if isinstance(value, Interval):
        value = value.low if value.value is None else value.value
    if isinstance(value, date):
        return str(value.toordinal())
    return str(value) if isinstance(value, (int, float)) else ""


def _figure(value: Interval, column: Column, language: str) -> str:
    if value.value is None:
        return ""
    return writing.cell(value.value, column, language)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """The rows of a table that stand on this page, and the way to the others."""

    rows: Sequence[Mapping[str, Cell]]
    pages: int = 1
    words: str = ""
    place: str = ""
    previous: str = ""
    next: str = ""


def _paging(grid: Grid, document: Document, language: str) -> _Part:
    total = len(grid.rows) if grid.total is None else grid.total
    if grid.page is None or len(grid.rows) <= grid.page_size:
        return _Part(rows=list(grid.rows), words=_count(len(grid.rows), total, language))
    pages = math.ceil(len(grid.rows) / grid.page_size)
    page = min(max(grid.page, 1), pages)
    start = (page - 1) * grid.page_size
    rows = list(grid.rows[start : start + grid.page_size])
    words = _("{first} to {last} of {total}", first=start + 1, last=start + len(rows), total=total)
    return _Part(
        rows=rows,
        pages=pages,
        words=say(words, language),
        place=say(_("Page {page} of {pages}", page=page, pages=pages), language),
        previous=_page_address(document, page - 1) if page > 1 else "",
        next=_page_address(document, page + 1) if page < pages else "",
    )


def _count(shown: int, total: int, language: str) -> str:
    if shown >= total:
        return ""
    return say(_("{shown} of {total}", shown=shown, total=total), language)


def _page_address(document: Document, page: int) -> str:
    return "?" + urlencode({**document.choices, "page": page})
