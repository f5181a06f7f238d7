"""The contract of an indicator: a definition in words, and the same as an Ibis expression."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import ibis.expr.types as ir

from vigie.words import Words

Tables = Mapping[str, ir.Table]
"""Table name → its current rows, as in ``vigie.model``."""
ASKED = "months"
"""Name under which a pass hands over the months (``month_on``) it is asked for."""
REGISTER = ("accounts", "institutions", "enrolments", "events")
"""The tables that say who is who: they are small, and a change there may change any month."""


class Indicator(ABC):
    """A quantity defined from metrics and labels. The docstring is its published definition."""

    label: ClassVar[Words]
    unit: ClassVar[Words]
    needs: ClassVar[frozenset[str]]
    """The tables it reads."""
    least_n: ClassVar[int]
    """Below this many observations there is no value."""
    lookback: ClassVar[tuple[int, ...]] = ()
    """How many months before its own lie the snapshots a month's value depends on.

    Posts, mentions and labels are only ever read in their own month, so that an import of posts
    recomputes its months and no other.
    """
    is_additive: ClassVar[bool] = False
    """Values of several accounts or networks may be summed."""
    level: ClassVar[str] = "account"
    """``account``; ``institution`` or ``sector`` for what exists only for one or for a group."""
    version: ClassVar[str] = "1"
    source: ClassVar[Words | None] = None
    """Where the formula comes from."""

    @abstractmethod
    def compute(self, tables: Tables) -> ir.Table:
        """Return one row per account and month (of the months in ``tables``).

        Columns: ``account``, ``network``, ``month_on`` (first day, date), ``value`` (float),
        ``low``, ``high`` (90 % interval, unknown for exact counts), ``n`` (int), ``coverage``
        (0 to 1, unknown when it cannot be told), ``seen_at`` (UTC). No row, or an unknown
        value, where n is below ``least_n``. At level ``institution`` the column ``account`` holds
        its slug, at level ``sector`` the name of the group, and ``network`` may be ``all``.
        """

    def follow_ups(self, tables: Tables) -> ir.Table | None:
        """Return how long each question was followed, for a share answered within a time.

        Columns: ``account``, ``network``, ``month_on``, ``seconds`` and ``is_answered`` (false: it
        was still open then). None for any other quantity.
        """
        return None
