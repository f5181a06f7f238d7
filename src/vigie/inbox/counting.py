"""Totals that nobody waits for: rows are counted up to so many, and then it is said that there are
more. Where the database keeps a total (``inbox.tallying``), that is said instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

MOST_COUNTED = 10_000


@dataclass(frozen=True, kw_only=True)
class Total:
    """How many there are, or more than that."""

    count: int
    has_more: bool = False


def total_of(count: int) -> Total:
    """Return a total of what was counted: beyond ``MOST_COUNTED`` there are more."""
    return Total(count=min(count, MOST_COUNTED), has_more=count > MOST_COUNTED)


def up_to_most(rows: QuerySet[Any]) -> int:
    """Count rows; one more than ``MOST_COUNTED`` stands for any number beyond."""
    return rows.order_by()[: MOST_COUNTED + 1].count()
