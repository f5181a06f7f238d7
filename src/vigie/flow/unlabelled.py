"""Which texts still lack a label of the current version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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

    def count(self, month: date) -> int:
        """Return how many texts of a month lack a label."""
        counted: int = self._rows(month).count().to_pyarrow().as_py()
        return counted

    def next(self, month: date, *, most: int) -> pa.Table:
        """Return the earliest texts of a month that lack a label, at most so many."""
        rows = self._rows(month).order_by(["published_at", *KEY]).limit(most)
        return rows.select(*COLUMNS).to_pyarrow()

    def all_of(self, month: date) -> pa.Table:
        """Return the texts of a month, labelled or not, the latest first."""
        rows = self._texts([month]).order_by([ibis.desc("published_at"), *KEY])
        return rows.select(*COLUMNS).to_pyarrow()

    def read_before(self, month: date, *, since: date) -> pa.Table:
        """Return the texts from one month to before another, and what is labelled of that one."""
        near = [one for one in self.months() if since <= one < month]
        rows = self._texts([month]).anti_join(self._rows(month), KEY).union(self._texts(near))
        return rows.order_by(["published_at", *KEY]).select(*COLUMNS).to_pyarrow()

    def _texts(self, months: Sequence[date]) -> ir.Table:
        rows = self.store.view(texts, unlabelled(self.store, months=months))
        return rows.filter(rows.text.notnull()).mutate(
            text_mark=rows.text.hexdigest("md5").left(MARK)
        )

    def _of_these_words(self, labels: ir.Table, month: date) -> ir.Table:
        """Return the labels of texts as they are now: what was edited since is read again."""
        now = self._texts([month]).select(*KEY, now="text_mark")
        both = labels.join(now, KEY)
        return both.filter(both.text_mark.isnull() | (both.text_mark == both.now))

    def _rows(self, month: date) -> ir.Table:
        """Return the texts of a month about which someone who should has not answered."""
        labels = self._of_these_words(self.store.table("labels", months=[month]), month)
        everywhere = [one for one in self.annotators if one.languages is None]
        somewhere = [one for one in self.annotators if one.languages is not None]
        is_language = (labels.question == LANGUAGE) & (labels.answers.length() > 0)
        done = labels.group_by(KEY).agg(
            answered=labels.question.nunique(where=_is_of(labels, everywhere)),
            spoken=labels.answers[0].max(where=is_language),
            **{f"has_{place}": _is_of(labels, [one]).any() for place, one in enumerate(somewhere)},
        )
        rows = self._texts([month]).left_join(done, KEY)
        lacks = rows.answered.isnull() | (rows.answered < len(everywhere))
        for place, one in enumerate(somewhere):
            has, speaks = rows[f"has_{place}"], rows.spoken.isin(sorted(one.languages or ()))
            if one.since is not None:
                speaks &= rows.published_on >= ibis.literal(one.since)
            lacks |= (speaks & ~has).fill_null(False)
        return rows.filter(lacks).select(*self._texts([month]).columns)


def _is_of(labels: ir.Table, annotators: Sequence[Annotator]) -> ir.BooleanValue:
    tests = [
        (labels.question == one.question)
        & labels.annotator.isin([one.name, one.left] if one.may_leave else [one.name])
        for one in annotators
    ]
    return reduce(ibis.or_, tests, ibis.literal(False))
