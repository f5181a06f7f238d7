"""The contract of a report: values in, document out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import ibis.expr.types as ir

from vigie.present.document import Document
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something a reader may choose; on the site it is a query parameter of that name."""

    name: str
    label: Words
    help: Words
    is_required: bool = False
    is_list: bool = False
    """Several, separated by commas."""


GRID = Choice(
    name="grid",
    label=_("Table"),
    help=_("Name of the table a CSV file holds, where the report has several."),
)
PAGE = Choice(
    name="page",
    label=_("Page"),
    help=_("Page of a long table on the site; files always hold every row."),
)


def asked_page(choices: Mapping[str, str]) -> int:
    """Return the page asked for: the first when nothing sensible is."""
    asked = choices.get("page", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


class Report(ABC):
    """Says something to people from the tables of the store. The docstring says what."""

    label: ClassVar[Words]
    needs: ClassVar[frozenset[str]]
    """Tables of the store it reads."""
    choices: ClassVar[tuple[Choice, ...]] = ()

    @abstractmethod
    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        """Build the document; raise ``ReportError`` when the choices name nothing known."""
