"""The contract of a report: values in, document out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import ibis.expr.types as ir

from vigie.present.document import Document
from vigie.words import Words


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something a reader may choose; on the site it is a query parameter of that name."""

    name: str
    label: Words
    help: Words
    is_required: bool = False
    is_list: bool = False
    """Several, separated by commas."""


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
