"""What invented institutions publish, and how many follow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

import numpy as np
import pyarrow as pa

from vigie.columns import schema_of, table_of
from vigie.demo.character import Character
from vigie.demo.span import Span
from vigie.demo.wording import posts_of
from vigie.invented.names import KINDS, NETWORKS, Network
from vigie.model import Account, Post, Record, Snapshot

PURGE_MONTH, PURGE_DAY = 10, 15
"""When an invented network removed inactive followers."""
PURGED_NETWORK = "instagram"
PURGE_SHARE = 0.07
LOOK_AGAIN = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """How one account behaves: its size, its pace, its months of silence."""

    account: Account
    character: Character
    network: Network
    span: Span
    audience: np.ndarray
    """Followers at the end of each month."""
    pace: np.ndarray
    """Posts per month."""
    quality: float
    """How far above its peers its posts do, in logarithm."""
    months: int
    unseen: frozenset[int]
    """Months in which nobody looked."""

    @classmethod
    def of(
        cls, account: Account, character: Character, span: Span, draw: np.random.Generator
    ) -> Publisher:
        """Draw how an account behaves."""
        network = next(one for one in NETWORKS if one.name == account.network)
        kind = next(one for one in KINDS if one.kind == character.institution.kind)
        start = network.followers * kind.fame * draw.lognormal(0, 0.8)
        if not account.is_principal:
            start *= 0.08
        growth = np.cumprod(1 + draw.normal(network.growth, 0.006, span.count))
        pace = draw.gamma(2.2, network.pace / 2.2) * span.pace * draw.lognormal(0, 0.15, span.count)
        if draw.random() < 0.07:
            first = int(draw.integers(6, 18))
            pace[first : first + int(draw.integers(2, 6))] = 0
        closed = account.closed_on
        return cls(
            account=account,
            character=character,
            network=network,
            span=span,
            audience=_purged(start * growth, network),
            pace=pace,
            quality=float(draw.normal(0, 0.45)),
            months=span.count if closed is None else span.number(closed),
            unseen=frozenset(np.flatnonzero(draw.random(span.count) < 0.02).tolist()),
        )

    def posts(self, draw: np.random.Generator) -> pa.Table:
        """Return what it published."""
        counts = draw.poisson(self.pace[: self.months])
        month = np.repeat(np.arange(self.months), counts)
        moments = self._moments(month, draw)
        kinds = draw.choice(self.network.kinds, len(month))
        return table_like(Post, self._columns(month, moments, kinds, draw))

    def _columns(
        self,
        month: np.ndarray,
        moments: list[datetime],
        kinds: np.ndarray,
        draw: np.random.Generator,
    ) -> dict[str, object]:
        size, network, account = len(month), self.network, self.account
        usual = network.rate * self.audience[month] ** 0.85 * np.exp(self.quality)
        total = usual * draw.lognormal(0, 0.9, size)
        images = np.where(kinds == "image", 1, np.where(kinds == "carousel", 5, 0))
        careful = draw.beta(2, 3)
        seen = np.isin(month, sorted(self.unseen), invert=True)
        languages = draw.choice(["fr", "en"], size, p=[0.85, 0.15]).tolist()
        is_reply = (draw.random(size) < network.replies).tolist()
        words = Random(f"{account.account} {size}")
        return {
            "network": [network.name] * size,
            "post": [f"{account.handle}-{number:05d}" for number in range(size)],
            "account": [account.account] * size,
            "published_at": moments,
            "published_on": [moment.date() for moment in moments],
            "observed_at": [min(moment + LOOK_AGAIN, self.span.until) for moment in moments],
            "kind": kinds.tolist(),
            "text": posts_of(self.character, languages, is_reply, words),
            "url": [f"{account.url}/{number:05d}" for number in range(size)],
            "language": languages,
            "is_repost": (draw.random(size) < network.reposts).tolist(),
            "is_reply": is_reply,
            "likes": _known(total * 0.82, seen),
            "comments": _known(total * 0.06, seen),
            "shares": _known(total * 0.12, seen) if network.tells_shares else [None] * size,
            "views": _known(total * 25, seen & (kinds == "video")),
            "images": images.tolist(),
            "images_described": draw.binomial(images, careful).tolist(),
            "source": ["invented"] * size,
        }

    def _moments(self, month: np.ndarray, draw: np.random.Generator) -> list[datetime]:
        starts = [datetime.combine(self.span.start(one), time(), UTC) for one in range(self.months)]
        days = np.array([max(self.span.days(one), 1) for one in range(self.months)], dtype=int)
        size = len(month)
        minutes = (
            draw.integers(days[month], size=size) * 24 + draw.integers(7, 20, size)
        ) * 60 + draw.integers(60, size=size)
        return [
            min(starts[number] + timedelta(minutes=later), self.span.until)
            for number, later in zip(month.tolist(), minutes.tolist(), strict=True)
        ]

    def snapshots(self) -> pa.Table:
        """Return how its audience was seen at the end of each month, and today."""
        looks = [
            Snapshot(
                network=self.network.name,
                account=self.account.account,
                observed_at=datetime.combine(day, self.span.until.timetz()),
                observed_on=day,
                followers=int(self.audience[month]),
                source="invented",
            )
            for month in range(self.months)
            if month not in self.unseen
            for day in (self.span.last_look(month),)
        ]
        return table_of(Snapshot, looks)


def _purged(audience: np.ndarray, network: Network) -> np.ndarray:
    if network.name != PURGED_NETWORK:
        return audience
    is_after = np.arange(len(audience)) >= PURGE_MONTH
    return np.where(is_after, audience * (1 - PURGE_SHARE), audience)


def _known(figures: np.ndarray, seen: np.ndarray) -> list[int | None]:
    return [int(one) if known else None for one, known in zip(figures, seen, strict=True)]


def table_like(record: type[Record], columns: Mapping[str, object]) -> pa.Table:
    """Return columns as a table of a record's schema; those not given are unknown."""
    schema = schema_of(record)
    size = len(columns["post"])  # type: ignore[arg-type]  # every column has the same length
    arrays = [
        pa.array(columns[field.name], field.type)
        if field.name in columns
        else pa.nulls(size, field.type)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)
