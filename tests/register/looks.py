"""Invented looks at the register: by hand for a test, or any that hypothesis thinks of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as some

from tests.cast import EASTMERE, NORTHFIELD, SOUTHBRIDGE
from vigie.model import Account, Enrolment, Institution
from vigie.register.contents import Register, one_principal

DAY = date(2026, 10, 1)

REGISTER = Register(institutions=(NORTHFIELD, SOUTHBRIDGE, EASTMERE))


def account(handle: str, institution: str, network: str = "x", **changes: Any) -> Account:
    given = {"url": f"https://x.com/{handle}", **changes}
    return Account(
        account=f"{network}:{handle.casefold()}",
        institution=institution,
        network=network,
        handle=handle,
        **given,
    )


def look(*institutions: Institution, **parts: Any) -> Register:
    return Register(institutions=institutions, **parts)


def renamed(row: Institution, name: str, **changes: Any) -> Institution:
    return replace(row, name=name, institution=name.casefold().replace(" ", "-"), **changes)


NAMED = ["North", "South", "East", "West", "École d'Est", "Ouest"]
NAMES = some.sampled_from(NAMED)
UAIS = some.sampled_from(["0000001A", "0000002B", "0000003C", "0000004D"])


@some.composite
def registers(draw: some.DrawFn, *, prefix: str = "", is_kept: bool = True) -> Register:
    """Any small register without namesakes; one that was kept has every account once."""
    rows: list[Institution] = []
    names = draw(some.permutations(NAMED))
    for place in range(draw(some.integers(0, 4))):
        uai = draw(some.none() | UAIS)
        if uai in {row.uai for row in rows}:
            uai = None
        rows.append(
            Institution(
                institution=f"{prefix}{place}",
                name=names[place],
                kind=draw(some.sampled_from([None, "university", "other"])),
                city=draw(some.sampled_from([None, "Lille", "Paris"])),
                website=draw(some.sampled_from([None, "https://a.example/", "http://b.example"])),
                uai=uai,
                other_uais=tuple(draw(some.sets(UAIS, max_size=1)) - {uai}),
                ror=draw(some.sampled_from([None, "01aaaaa11", "02bbbbb22"])),
                aliases=tuple(sorted(draw(some.sets(NAMES, max_size=1)))),
                closed_on=draw(some.sampled_from([None, None, date(2020, 12, 31)])),
            )
        )
    slugs = [row.institution for row in rows]
    return Register(
        institutions=tuple(rows),
        enrolments=_enrolments(draw, slugs),
        accounts=_accounts(draw, slugs, is_kept=is_kept),
    )


def _enrolments(draw: some.DrawFn, slugs: list[str]) -> tuple[Enrolment, ...]:
    return tuple(
        Enrolment(institution=slug, year=2025, students=draw(some.sampled_from([1000, 2000])))
        for slug in slugs
        if draw(some.booleans())
    )


def _accounts(draw: some.DrawFn, slugs: list[str], *, is_kept: bool) -> tuple[Account, ...]:
    found: list[Account] = []
    for slug in slugs:
        for handle in draw(some.lists(some.sampled_from(["a", "b", "c", "d"]), max_size=3)):
            key = f"x:{handle}"
            if not is_kept or key not in {row.account for row in found}:
                url = draw(some.sampled_from(["https://x.com/1", "https://x.com/2"]))
                principal = draw(some.booleans())
                found.append(account(handle, slug, url=url, is_principal=principal))
    return one_principal(found)
