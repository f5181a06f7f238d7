"""What a new look says otherwise of accounts: opened, changed, gone, moved, or claimed twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from vigie.model import Account
from vigie.register.contents import Covered, Register
from vigie.register.item import Item


def account_items(
    old: Register, look: Register, covered: Covered, *, seen_on: date
) -> Iterator[Item]:
    """Yield the items about accounts; the new look already speaks the register's slugs."""
    names = {row.institution: row.name for row in (*look.institutions, *old.institutions)}
    sides = _Sides(
        names=names,
        named=frozenset(row.institution for row in look.institutions),
        owned={row.account: row for row in old.accounts},
        claims=_claims(look),
        covered=covered,
        seen_on=seen_on,
    )
    for row in _led_by_what_stays(old, look, covered):
        yield from sides.claim(row)
    for row in old.accounts:
        yield from sides.silence(row)


def _claims(look: Register) -> dict[str, list[str]]:
    """Map each account to the institutions that the look says it belongs to."""
    claims: dict[str, list[str]] = defaultdict(list)
    for row in look.accounts:
        claims[row.account].append(row.institution)
    return claims


def _led_by_what_stays(old: Register, look: Register, covered: Covered) -> Iterator[Account]:
    """Yield the look's accounts; a principal account another source gave stays the principal."""
    named = {(row.institution, row.account) for row in look.accounts}
    led = {
        (row.institution, row.network)
        for row in old.accounts
        if row.is_principal
        and row.closed_on is None
        and row.account not in covered.accounts
        and (row.institution, row.account) not in named
    }
    for row in look.accounts:
        is_led = (row.institution, row.network) in led
        yield replace(row, is_principal=False) if is_led else row


@dataclass(frozen=True, kw_only=True)
class _Sides:
    names: dict[str, str]
    named: frozenset[str]
    owned: dict[str, Account]
    claims: dict[str, list[str]]
    covered: Covered
    seen_on: date

    def claim(self, row: Account) -> Iterator[Item]:
        """Say what an account in the new look means for the register."""
        known = self.owned.get(row.account)
        first = self.claims[row.account][0]
        if known is not None and known.institution == row.institution:
            yield from self._changes(known, row)
        elif known is None or self._is_given_up(known):
            if first != row.institution:
                yield self._item("conflict", row, known=known, other=first)
            elif known is None:
                yield self._item("account_new", row)
            else:
                yield self._item("account_moved", row, known=known, other=known.institution)
        else:
            yield self._item("conflict", row, known=known, other=known.institution)

    def silence(self, row: Account) -> Iterator[Item]:
        """Say what became of an account that its institution no longer names."""
        if (
            row.account in self.covered.accounts
            and row.closed_on is None
            and row.institution in self.named
            and row.account not in self.claims
        ):
            yield self._item("account_gone", row, known=row)

    def _is_given_up(self, known: Account) -> bool:
        """Whether the look, which should know, no longer gives an account to its institution."""
        return (
            known.account in self.covered.accounts
            and known.institution not in self.claims[known.account]
        )

    def _changes(self, known: Account, row: Account) -> Iterator[Item]:
        if known.account in self.covered.accounts:
            merged = replace(
                known,
                url=row.url or known.url,
                name=row.name or known.name,
                is_principal=row.is_principal,
                closed_on=row.closed_on,
            )
        else:
            merged = replace(known, url=known.url or row.url, name=known.name or row.name)
        merged = replace(
            merged,
            handle=known.handle or row.handle,
            identifier=known.identifier or row.identifier,
        )
        if merged != known:
            yield self._item("account_changed", merged, known=known)

    def _item(
        self, kind: str, row: Account, *, known: Account | None = None, other: str | None = None
    ) -> Item:
        about_itself = other is None or other == row.institution
        return Item(
            kind=kind,
            institution=row.institution,
            name=self.names[row.institution],
            accounts=(row,),
            replaced=() if known is None else (known,),
            other=None if about_itself else other,
            other_name=None if about_itself or other is None else self.names[other],
            day=self.seen_on if kind == "account_gone" else None,
        )
