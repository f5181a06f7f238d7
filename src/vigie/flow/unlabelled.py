"""Which texts still lack a label of the current version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.annotate.answering import Annotator
from vigie.listening.texts import texts, unlabelled
from vigie.store.store import Store

KEY = ["network", "post"]
READS = ("posts", "mentions")
LANGUAGE = "language"
COLUMNS = [*KEY, "published_on", "published_at", "text", "language", "origin", "text_mark"]
MARK = 8
"""Signs of a digest that tell an edited text from what it was."""


@dataclass(frozen=True, kw_only=True)
class Unlabelled:
    """The texts of a store that some annotators have not answered about."""

    store: Store
    annotators: Sequence[Annotator]

    def months(self) -> list[date]:
        """Return the months that hold texts, the earliest first."""
        return sorted({month for name in READS for month in self.store.months(name)})

    def prints(self) -> dict[date, str]:
        """Return by month a digest of its texts and of who answers: it changes when work may."""
        who = "\n".join(sorted(f"{one.question} {one.name}" for one in self.annotators))
        found: dict[date, list[str]] = {}
        for name in READS:
            for month, print_ in self.store.fingerprints(name).items():
                if month is not None:
                    found.setdefault(month, []).append(f"{name} {print_}")
        return {
            month: hashlib.sha256("\n".join([who, *prints]).encode()).hexdigest()
            for month, prints in found.items()
        }

    def stretches(self, months: Sequence[date], *, most: int) -> list[list[date]]:
        """Part months into stretches to be looked at together, each of about so many texts."""
        held = [self.store.rows(name) for name in READS]
        return stretches(months, lambda one: sum(rows.get(one, 0) for rows in held), most=most)

    def count(self, months: Sequence[date]) -> int:
        """Return how many texts of some months lack a label."""
        counted: int = self._rows(months).count().to_pyarrow().as_py()
        return counted

    def next(self, months: Sequence[date], *, most: int) -> pa.Table:
        """Return the earliest texts of some months that lack a label, at most so many."""
        rows = self._rows(months).order_by(["published_at", *KEY]).limit(most)
        return rows.select(*COLUMNS).to_pyarrow()

    def all_of(self, months: Sequence[date]) -> pa.Table:
        """Return the texts of some months, labelled or not, the latest first."""
        rows = self._texts(months).order_by([ibis.desc("published_at"), *KEY])
        return rows.select(*COLUMNS).to_pyarrow()

    def read_before(self, months: Sequence[date], *, since: date) -> pa.Table:
        """Return the texts from one month to before others, and what is labelled of those."""
        near = [one for one in self.months() if since <= one < months[0]]
        rows = self._texts(months).anti_join(self._rows(months), KEY)
        if near:
            rows = rows.union(self._texts(near))
        return rows.order_by(["published_at", *KEY]).select(*COLUMNS).to_pyarrow()

    def _texts(self, months: Sequence[date]) -> ir.Table:
        rows = self.store.view(texts, unlabelled(self.store, months=months))
        return rows.filter(rows.text.notnull()).mutate(
            text_mark=rows.text.hexdigest("md5").left(MARK)
        )

    def _rows(self, months: Sequence[date]) -> ir.Table:
        """Return the texts of some months about which someone who should has not answered."""
        now = self._texts(months)
        labels = _of_these_words(self.store.table("labels", months=months), now)
        everywhere = [one for one in self.annotators if one.languages is None]
        somewhere = [one for one in self.annotators if one.languages is not None]
        is_language = (labels.question == LANGUAGE) & (labels.answers.length() > 0)
        done = labels.group_by(KEY).agg(
            answered=labels.question.nunique(where=_is_of(labels, everywhere)),
            spoken=labels.answers[0].max(where=is_language),
            **{f"has_{place}": _is_of(labels, [one]).any() for place, one in enumerate(somewhere)},
        )
        rows = now.left_join(done, KEY)
        lacks = rows.answered.isnull() | (rows.answered < len(everywhere))
        for place, one in enumerate(somewhere):
            has, speaks = rows[f"has_{place}"], rows.spoken.isin(sorted(one.languages or ()))
            if one.since is not None:
                speaks &= rows.published_on >= ibis.literal(one.since)
            lacks |= (speaks & ~has).fill_null(False)
        return rows.filter(lacks).select(*now.columns)


def stretches(
    months: Sequence[date], rows: Callable[[date], int], *, most: int
) -> list[list[date]]:
    """Part months into stretches that hold at most so many rows together, or are one month.

    A question put to many small months at once costs little more than put to one.
    """
    found: list[list[date]] = []
    held = most
    for month in months:
        held += rows(month)
        if not found or held > most:
            found.append([])
            held = rows(month)
        found[-1].append(month)
    return found


def _of_these_words(labels: ir.Table, now: ir.Table) -> ir.Table:
    """Return the labels of texts as they are now: what was edited since is read again."""
    both = labels.join(now.select(*KEY, now="text_mark"), KEY)
    return both.filter(both.text_mark.isnull() | (both.text_mark == both.now))


def _is_of(labels: ir.Table, annotators: Sequence[Annotator]) -> ir.BooleanValue:
    tests = [
        (labels.question == one.question)
        & labels.annotator.isin([one.name, one.left] if one.may_leave else [one.name])
        for one in annotators
    ]
    return reduce(ibis.or_, tests, ibis.literal(False))
