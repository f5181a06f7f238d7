"""The store said as documents, in every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from vigie import reports
from vigie.errors import ReportError
from vigie.plugins import members
from vigie.present import formats
from vigie.present.document import Document
from vigie.present.format import Format
from vigie.present.report import Report
from vigie.store.store import Store
from vigie.words import _


def report_names() -> Mapping[str, type[Report]]:
    """Every report by name."""
    return members(reports, Report)


def format_names() -> Mapping[str, type[Format]]:
    """Every output format by name."""
    return members(formats, Format)


def build_report(store: Store, name: str, choices: Mapping[str, str], *, now: datetime) -> Document:
    """Build a report from the store; ``ReportError`` names the reports when there is none."""
    known = report_names()
    if name not in known:
        raise ReportError(
            _(
                "There is no report {name}. The reports are: {known}.",
                name=name,
                known=", ".join(known),
            )
        )
    report = known[name]()
    return report.build(store.tables(report.needs), choices=choices, now=now)


def render(document: Document, format_name: str, language: str) -> Iterator[bytes]:
    """Give a document in a format and a language."""
    known = format_names()
    if format_name not in known:
        raise ReportError(
            _(
                "There is no format {name}. The formats are: {known}.",
                name=format_name,
                known=", ".join(known),
            )
        )
    return known[format_name]().render(document, language)
