"""The invented sector: sixty institutions that do not exist, so that every page can speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

from vigie.columns import schema_of, table_of
from vigie.invented import CALENDAR, KINDS, NETWORKS, PLACES, SENTENCES, Kind, Network
from vigie.model import Account, Enrolment, Event, Institution, Post, Record, Snapshot

SEED = 2026
FIRST_MONTH = date(2024, 11, 1)
MONTHS = 24
EDITIONS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
"""Months whose comparison is published."""
PURGE_ON = date(2025, 9, 15)
"""The day an invented network removed inactive followers."""
PURGED_NETWORK = "instagram"
PURGE_SHARE = 0.07
MERGER_ON = date(2026, 1, 1)
MERGED = ("universite-de-clairval", "universite-de-hautefont")
"""The second became part of the first."""


@dataclass(frozen=True, kw_only=True)
class Sector:
    """Everything the demonstration loads: who there is, and what was observed."""

    institutions: tuple[Institution, ...]
    accounts: tuple[Account, ...]
    enrolments: tuple[Enrolment, ...]
    events: tuple[Event, ...]
    posts: pa.Table
    snapshots: pa.Table


def sector(*, seed: int = SEED) -> Sector:
    """Invent the whole sector; the same seed gives the same sector to the last figure."""
    draw = np.random.default_rng(seed)
    institutions = list(_institutions())
    accounts = list(_accounts(institutions, draw))
    plans = [_plan(account, institutions, draw) for account in accounts]
    posts = pa.concat_tables([_posts(plan, draw) for plan in plans])
    snapshots = pa.concat_tables([_snapshots(plan) for plan in plans])
    return Sector(
        institutions=tuple(institutions),
        accounts=tuple(accounts),
        enrolments=tuple(_enrolments(institutions, draw)),
        events=tuple(_events()),
        posts=posts,
        snapshots=snapshots,
    )


# ── who is who ────────────────────────────────────────────────────────────────────────


def _institutions() -> Iterator[Institution]:
    places = iter(PLACES)
    for kind in KINDS:
        for number in range(kind.count):
            place, slug = next(places)
            yield _institution(kind, place, slug, number)


def _institution(kind: Kind, place: str, slug: str, number: int) -> Institution:
    key = f"{kind.slug}-{slug}"
    gone = key == MERGED[1]
    return Institution(
        institution=key,
        name=_named(kind.name, place),
        kind=kind.kind,
        country="FR",
        region=("Nord", "Sud", "Est", "Ouest")[number % 4],
        city=place,
        website=f"https://www.{key}.example/",
        timezone="Europe/Paris",
        uai=f"099{kind.digit}{number:03d}X",
        short_name=f"{kind.short} {place}",
        merged_into=MERGED[0] if gone else None,
        closed_on=MERGER_ON if gone else None,
        is_invented=True,
    )


def _named(pattern: str, place: str) -> str:
    elided = place[0] in "AEÉIOUYÈÊ"
    return (pattern.replace("de {", "d’{") if elided else pattern).format(place=place)


def _accounts(institutions: list[Institution], draw: np.random.Generator) -> Iterator[Account]:
    for institution in institutions:
        for network in NETWORKS:
            if draw.random() < network.absence:
                continue
            yield _account(institution, network, suffix="")
            if institution.kind == "university" and draw.random() < network.secondary:
                yield _account(institution, network, suffix="-library")


def _account(institution: Institution, network: Network, *, suffix: str) -> Account:
    handle = f"{institution.institution}{suffix}"
    return Account(
        account=f"{network.name}:{handle}",
        institution=institution.institution,
        network=network.name,
        handle=handle,
        url=f"https://{network.name}.example/{handle}",
        is_principal=not suffix,
        closed_on=institution.closed_on,
    )


def _enrolments(institutions: list[Institution], draw: np.random.Generator) -> Iterator[Enrolment]:
    sizes = {kind.kind: kind.students for kind in KINDS}
    for institution in institutions:
        size = draw.lognormal(np.log(sizes[institution.kind or ""]), 0.55)
        for step, year in enumerate((2023, 2024, 2025)):
            students = int(size * (1 + 0.01 * step))
            yield Enrolment(institution=institution.institution, year=year, students=students)


def _events() -> Iterator[Event]:
    yield Event(
        event="invented-purge",
        day=PURGE_ON,
        kind="purge",
        breaks_series=True,
        network=PURGED_NETWORK,
        words="The network removed inactive followers (invented).",
    )
    yield Event(
        event="invented-merger",
        day=MERGER_ON,
        kind="merger",
        breaks_series=True,
        institution=MERGED[0],
        words="Université de Hautefont joined Université de Clairval (invented).",
    )


# ── what they publish ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """How one account behaves: its size, its pace, its months of silence."""

    account: Account
    network: Network
    audience: np.ndarray
    """Followers at the end of each month."""
    pace: np.ndarray
    """Posts per month."""
    quality: float
    """How far above its peers its posts do, in logarithm."""
    months: int
    unseen: frozenset[int]
    """Months in which nobody looked."""


def _plan(account: Account, institutions: list[Institution], draw: np.random.Generator) -> _Plan:
    network = next(one for one in NETWORKS if one.name == account.network)
    institution = next(one for one in institutions if one.institution == account.institution)
    kind = next(one for one in KINDS if one.kind == institution.kind)
    start = network.followers * kind.fame * draw.lognormal(0, 0.8)
    if not account.is_principal:
        start *= 0.08
    growth = np.cumprod(1 + draw.normal(network.growth, 0.006, MONTHS))
    pace = draw.gamma(2.2, network.pace / 2.2) * CALENDAR * draw.lognormal(0, 0.15, MONTHS)
    silent = draw.random() < 0.07
    if silent:
        first = int(draw.integers(6, 18))
        pace[first : first + int(draw.integers(2, 6))] = 0
    months = MONTHS if account.closed_on is None else _month_number(account.closed_on)
    unseen = frozenset(np.flatnonzero(draw.random(MONTHS) < 0.02).tolist())
    return _Plan(
        account=account,
        network=network,
        audience=_purged(start * growth, network),
        pace=pace,
        quality=float(draw.normal(0, 0.45)),
        months=months,
        unseen=unseen,
    )


def _purged(audience: np.ndarray, network: Network) -> np.ndarray:
    if network.name != PURGED_NETWORK:
        return audience
    after = _month_number(PURGE_ON)
    return np.where(np.arange(MONTHS) >= after, audience * (1 - PURGE_SHARE), audience)


def _posts(plan: _Plan, draw: np.random.Generator) -> pa.Table:
    counts = draw.poisson(plan.pace[: plan.months])
    month = np.repeat(np.arange(plan.months), counts)
    moments = [_moment(int(one), draw) for one in month]
    kinds = draw.choice(plan.network.kinds, len(month))
    return table_like(Post, _post_columns(plan, month, moments, kinds, draw))


def _post_columns(
    plan: _Plan,
    month: np.ndarray,
    moments: list[datetime],
    kinds: np.ndarray,
    draw: np.random.Generator,
) -> dict[str, object]:
    size, network, account = len(month), plan.network, plan.account
    usual = network.rate * plan.audience[month] ** 0.85 * np.exp(plan.quality)
    total = usual * draw.lognormal(0, 0.9, size)
    images = np.where(kinds == "image", 1, np.where(kinds == "carousel", 5, 0))
    careful = draw.beta(2, 3)
    seen = np.isin(month, sorted(plan.unseen), invert=True)
    return {
        "network": [network.name] * size,
        "post": [f"{account.handle}-{number:05d}" for number in range(size)],
        "account": [account.account] * size,
        "published_at": moments,
        "published_on": [moment.date() for moment in moments],
        "observed_at": [moment + timedelta(days=7) for moment in moments],
        "kind": kinds.tolist(),
        "text": draw.choice(SENTENCES, size).tolist(),
        "url": [f"{account.url}/{number:05d}" for number in range(size)],
        "language": draw.choice(["fr", "en"], size, p=[0.85, 0.15]).tolist(),
        "is_repost": (draw.random(size) < network.reposts).tolist(),
        "is_reply": (draw.random(size) < network.replies).tolist(),
        "likes": _known(total * 0.82, seen),
        "comments": _known(total * 0.06, seen),
        "shares": _known(total * 0.12, seen) if network.tells_shares else [None] * size,
        "views": _known(total * 25, seen & (kinds == "video")),
        "images": images.tolist(),
        "images_described": draw.binomial(images, careful).tolist(),
        "source": ["invented"] * size,
    }


def _known(figures: np.ndarray, seen: np.ndarray) -> list[int | None]:
    return [int(one) if known else None for one, known in zip(figures, seen, strict=True)]


def _snapshots(plan: _Plan) -> pa.Table:
    rows = [
        Snapshot(
            network=plan.network.name,
            account=plan.account.account,
            observed_at=datetime(day.year, day.month, day.day, 5, tzinfo=UTC),
            observed_on=day,
            followers=int(plan.audience[month]),
            source="invented",
        )
        for month in range(plan.months)
        if month not in plan.unseen
        for day in (_month_start(month + 1) - timedelta(days=1),)
    ]
    return table_of(Snapshot, rows)


# ── calendar ──────────────────────────────────────────────────────────────────────────


def _month_start(number: int) -> date:
    months = FIRST_MONTH.month - 1 + number
    return date(FIRST_MONTH.year + months // 12, months % 12 + 1, 1)


def _month_number(day: date) -> int:
    return (day.year - FIRST_MONTH.year) * 12 + day.month - FIRST_MONTH.month


def _moment(month: int, draw: np.random.Generator) -> datetime:
    start = _month_start(month)
    length = (_month_start(month + 1) - start).days
    day = start + timedelta(days=int(draw.integers(length)))
    return datetime(
        day.year, day.month, day.day, int(draw.integers(7, 20)), int(draw.integers(60)), tzinfo=UTC
    )


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
