"""The posts of a period by institution, and what the public said, as identity reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import ibis
import ibis.expr.types as ir

from vigie.columns import records_of
from vigie.listening.corpus import MOST, OwnPost
from vigie.listening.identity import Group, group_of
from vigie.listening.masking import names_of
from vigie.listening.perception import PublicPost
from vigie.listening.texts import READS, texts
from vigie.model import Account, Institution
from vigie.store.store import Store

MOST_OF_GROUP = 60_000
"""Posts of a group held at once; the larger the group, the fewer of each."""
LEAST_OF_EACH = 500
MOST_MENTIONS = 60_000
LEAST_MENTIONS_OF_EACH = 200


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The texts of a period, from which groups are read one at a time."""

    own: ir.Table
    public: ir.Table
    counts: Mapping[str, Counter[str | None]]
    """Institution → how many posts in each language; without words, unknown."""
    names: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, store: Store, months: Sequence[date]) -> Reading:
        """Read what was published in some months."""
        tables = {
            name: store.table(name, months=None if name == "accounts" else months) for name in READS
        }
        every = store.view(texts, tables)
        owners = tables["accounts"].select(author="account", institution="institution")
        own = every.filter(
            every.origin == "own",
            ~every.is_repost.fill_null(False),
            ~every.is_reply.fill_null(False),
        ).join(owners, "author")
        public = every.filter(every.origin == "others", every.text.notnull())
        return cls(
            own=own,
            public=public.mutate(institution=public.institutions.unnest()),
            counts=_counts(own),
            names=_names(store),
        )

    @property
    def languages(self) -> dict[str, str]:
        """Return the language in which each institution posts most."""
        found = {}
        for slug, counts in self.counts.items():
            known = [(count, name) for name, count in counts.items() if name is not None]
            if known:
                found[slug] = max(known)[1]
        return found

    def coverage(self, slug: str, language: str) -> float:
        """Return the share of an institution's posts that could be read."""
        counts = self.counts[slug]
        return counts[language] / counts.total()

    def group(self, members: Sequence[str], language: str, *, most: int = MOST) -> Group:
        """Read the posts of a group and what its public says."""
        most = min(most, max(LEAST_OF_EACH, MOST_OF_GROUP // len(members)))
        own = _spread(_in(self.own, members, language), most=most)
        public = _in(self.public, members, language)
        heard = _spread(public, most=max(MOST_MENTIONS // len(members), LEAST_MENTIONS_OF_EACH))
        posts = [
            OwnPost(
                institution=row["institution"], network=row["network"], post=row["post"],
                published_at=row["published_at"].astimezone(UTC), text=row["text"],
            )
            for row in _rows(own)
        ]  # fmt: skip
        mentions = [
            PublicPost(institution=row["institution"], author=row["author"], text=row["text"])
            for row in _rows(heard)
        ]
        return group_of(posts, {one: self.names[one] for one in members}, mentions)


def _names(store: Store) -> dict[str, frozenset[str]]:
    accounts: dict[str, list[Account]] = {}
    for one in records_of(Account, store.table("accounts").to_pyarrow()):
        accounts.setdefault(one.institution, []).append(one)
    institutions = records_of(Institution, store.table("institutions").to_pyarrow())
    return {
        one.institution: names_of(one, accounts.get(one.institution, ())) for one in institutions
    }


def _in(table: ir.Table, members: Sequence[str], language: str) -> ir.Table:
    return table.filter(
        table.institution.isin(list(members)), table.language == language, table.text.notnull()
    ).select("institution", "network", "post", "author", "published_at", "text")


def _spread(table: ir.Table, *, most: int) -> ir.Table:
    """Keep so many rows of each institution at most, spread evenly over time."""
    of = ibis.window(group_by="institution")
    ordered = ibis.window(
        group_by="institution", order_by=[table.published_at, table.network, table.post]
    )
    counted = table.mutate(
        place_=ibis.row_number().over(ordered), step_=(table.count().over(of) / most).ceil()
    )
    return counted.filter(counted.place_ % counted.step_.cast("int64") == 0).drop("place_", "step_")


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    ordered = table.order_by("institution", "published_at", "network", "post")
    found: list[dict[str, Any]] = ordered.to_pyarrow().to_pylist()
    return found


def _counts(own: ir.Table) -> dict[str, Counter[str | None]]:
    readable = own.text.notnull().ifelse(own.language, ibis.null("string"))
    counted = own.group_by(own.institution, language=readable).agg(posts=own.count())
    found: dict[str, Counter[str | None]] = {}
    for row in counted.to_pyarrow().to_pylist():
        found.setdefault(row["institution"], Counter())[row["language"]] += row["posts"]
    return found
