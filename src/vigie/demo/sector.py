"""The invented sector: sixty institutions that do not exist, so that every page can speak."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from vigie.demo.character import OURS, Character, characters
from vigie.demo.public import public
from vigie.demo.publishing import PURGE_DAY, PURGE_MONTH, PURGED_NETWORK, Publisher
from vigie.demo.span import Span
from vigie.invented.names import KINDS, NETWORKS, PLACES, Kind, Network
from vigie.listening.kept import KeptSpeciality
from vigie.model import Account, Enrolment, Event, Institution
from vigie.words import _, kept

__all__ = ["MERGED", "OURS", "PURGED_NETWORK", "Sector", "sector"]

SEED = 2026
MERGER_MONTH = 14
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
    mentions: pa.Table
    """What others say in public."""
    specialities: tuple[KeptSpeciality, ...]
    """What institutions declare to be known for."""


def sector(today: date, *, seed: int = SEED) -> Sector:
    """Invent the whole sector up to this day; the same seed gives the same to the last figure."""
    draw, span = np.random.default_rng(seed), Span(today=today)
    institutions = list(_institutions(span))
    accounts = list(_accounts(institutions, draw))
    known = characters(institutions, seed)
    publishers = [
        Publisher.of(account, known[account.institution], span, draw) for account in accounts
    ]
    own = [publisher.posts(draw) for publisher in publishers]
    heard = public(publishers, own, span, seed=seed)
    return Sector(
        institutions=tuple(institutions),
        accounts=tuple(accounts),
        enrolments=tuple(_enrolments(institutions, span, draw)),
        events=tuple(_events(span)),
        posts=pa.concat_tables([*own, heard.answers]),
        snapshots=pa.concat_tables([publisher.snapshots() for publisher in publishers]),
        mentions=heard.mentions,
        specialities=_declared(known),
    )


def _declared(known: dict[str, Character]) -> tuple[KeptSpeciality, ...]:
    return tuple(one for character in known.values() for one in character.specialities)


# ── who is who ────────────────────────────────────────────────────────────────────────


def _institutions(span: Span) -> Iterator[Institution]:
    places = iter(PLACES)
    for kind in KINDS:
        for number in range(kind.count):
            place, slug = next(places)
            yield _institution(kind, place, slug, number, merger_on=span.start(MERGER_MONTH))


def _institution(kind: Kind, place: str, slug: str, number: int, *, merger_on: date) -> Institution:
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
        closed_on=merger_on if gone else None,
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


def _enrolments(
    institutions: list[Institution], span: Span, draw: np.random.Generator
) -> Iterator[Enrolment]:
    sizes = {kind.kind: kind.students for kind in KINDS}
    for institution in institutions:
        size = draw.lognormal(np.log(sizes[institution.kind or ""]), 0.55)
        for step, year in enumerate(range(span.first.year - 1, span.first.year + 2)):
            students = int(size * (1 + 0.01 * step))
            yield Enrolment(institution=institution.institution, year=year, students=students)


def _events(span: Span) -> Iterator[Event]:
    yield Event(
        event="invented-purge",
        day=span.start(PURGE_MONTH).replace(day=PURGE_DAY),
        kind="purge",
        breaks_series=True,
        network=PURGED_NETWORK,
        words=kept(_("The network removed inactive followers (invented)")),
    )
    yield Event(
        event="invented-merger",
        day=span.start(MERGER_MONTH),
        kind="merger",
        breaks_series=True,
        institution=MERGED[0],
        words=kept(_("Université de Hautefont joined Université de Clairval (invented)")),
    )
