"""A portrait as rows of the store, which reports and pages read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from vigie.listening.distinctive import Distinctive
from vigie.listening.identifiability import Estimate
from vigie.listening.identity import Portrait
from vigie.listening.perception import TERMS
from vigie.model import Identity, IdentityPost, IdentitySpeciality, IdentityTerm

SPECIALITY, HABIT = "speciality", "habit"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Of what a portrait was made, and when."""

    month_on: date
    """The month with which it ends."""
    first_on: date
    language: str
    computed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of one portrait."""

    identity: Identity
    terms: tuple[IdentityTerm, ...]
    specialities: tuple[IdentitySpeciality, ...]
    posts: tuple[IdentityPost, ...]


def rows_of(portrait: Portrait, period: Period, *, coverage: float) -> Rows:
    """Return the rows of a portrait."""
    heard = portrait.perception.heard if portrait.perception else None
    sought = {one.term for one in portrait.specialities[:TERMS]}
    terms = [
        _term(
            one,
            period,
            portrait.institution,
            is_declared=one.term not in portrait.undeclared,
            is_heard=None if heard is None or one.term not in sought else one.term in heard,
        )
        for one in portrait.specialities
    ]
    terms += [_term(one, period, portrait.institution) for one in portrait.habits]
    return Rows(
        identity=_identity(portrait, period, coverage),
        terms=tuple(terms),
        specialities=tuple(
            IdentitySpeciality(
                institution=portrait.institution, month_on=period.month_on, name=one.name,
                words=one.words, state=one.state, z=one.z, own=one.own, own_of=one.own_of,
                peers=one.peers, peers_of=one.peers_of,
            )
            for one in portrait.declared
        ),
        posts=tuple(
            IdentityPost(
                institution=portrait.institution, month_on=period.month_on, network=one.network,
                post=one.post, place=place, terms=one.terms,
            )
            for place, one in enumerate(portrait.evidence, 1)
        ),
    )  # fmt: skip


def _identity(portrait: Portrait, period: Period, coverage: float) -> Identity:
    told, heard = portrait.identifiability, portrait.perception
    value, low, high = _figures(told.masked if told else None)
    posted, posted_low, posted_high = _figures(told.as_posted if told else None)
    named, named_low, named_high = _figures(told.named if told else None)
    return Identity(
        institution=portrait.institution,
        month_on=period.month_on,
        computed_at=period.computed_at,
        first_on=period.first_on,
        language=period.language,
        posts=portrait.posts,
        coverage=coverage,
        peers=portrait.peers,
        missing=portrait.missing,
        cut_at=datetime.fromtimestamp(told.cut, UTC) if told else None,
        common=portrait.common,
        terms_sought=heard.terms if heard else None,
        terms_by_chance=heard.by_chance if heard else None,
        mentions=heard.mentions if heard else None,
        value=value,
        low=low,
        high=high,
        posted=posted,
        posted_low=posted_low,
        posted_high=posted_high,
        named=named,
        named_low=named_low,
        named_high=named_high,
    )


def _figures(one: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if one is None else (one.value, one.low, one.high)


def _term(
    one: Distinctive,
    period: Period,
    institution: str,
    *,
    is_declared: bool | None = None,
    is_heard: bool | None = None,
) -> IdentityTerm:
    return IdentityTerm(
        institution=institution,
        month_on=period.month_on,
        term=one.term,
        written=one.written,
        kind=HABIT if one.is_style else SPECIALITY,
        z=one.z,
        z_early=one.by_half[0],
        z_late=one.by_half[1],
        own=one.own,
        own_of=one.own_of,
        peers=one.peers,
        peers_of=one.peers_of,
        is_declared=is_declared,
        is_heard=is_heard,
    )
