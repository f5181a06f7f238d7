"""Applies items of a difference to a register: pure, so that what a person sees is what is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from vigie.model import Account, Institution
from vigie.register.contents import Register
from vigie.register.item import KINDS, Item
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A register after a difference, and what could not be applied to it."""

    register: Register
    applied: tuple[Item, ...]
    refused: tuple[tuple[Item, Words], ...]


class _Unfit(Exception):
    """An item does not fit the register as it is now; its words say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


def apply(register: Register, items: Iterable[Item]) -> Outcome:
    """Apply items in the order that lets each find what it needs.

    An item that no longer fits (what it changes has changed since) is refused, with the reason;
    the others are applied.
    """
    draft = _Draft(register)
    applied, refused = [], []
    for item in sorted(items, key=lambda item: KINDS.index(item.kind)):
        try:
            _EFFECTS[item.kind](draft, item)
        except _Unfit as unfit:
            refused.append((item, unfit.words))
        else:
            applied.append(item)
    return Outcome(register=draft.done(), applied=tuple(applied), refused=tuple(refused))


class _Draft:
    """A register being changed."""

    def __init__(self, register: Register) -> None:
        self.institutions = {row.institution: row for row in register.institutions}
        self.enrolments = {(row.institution, row.year): row for row in register.enrolments}
        self.accounts = {row.account: row for row in register.accounts}
        self._places: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for account in register.accounts:
            self._places[account.institution, account.network][account.account] = None
        self._waiting: dict[str, None] = {}
        self.uais = {row.uai: row.institution for row in register.institutions if row.uai}

    def done(self) -> Register:
        for key in self._waiting:
            row = self.accounts[key]
            if row.closed_on is None and self.leader(row) is None:
                self.accounts[key] = replace(row, is_principal=True)
        return Register(
            institutions=tuple(self.institutions.values()),
            enrolments=tuple(self.enrolments.values()),
            accounts=tuple(self.accounts.values()),
        )

    def institution(self, slug: str, name: str) -> Institution:
        found = self.institutions.get(slug)
        if found is None:
            raise _Unfit(
                _(
                    "{name} is not in the register. Accept it as a new institution first.",
                    name=name,
                )
            )
        return found

    def put(self, row: Institution) -> None:
        before = self.institutions.get(row.institution)
        if row.uai and self.uais.get(row.uai, row.institution) != row.institution:
            other = self.institutions[self.uais[row.uai]]
            raise _Unfit(
                _("{other} has the UAI code {uai} already.", other=other.name, uai=row.uai)
            )
        if before is not None and before.uai:
            self.uais.pop(before.uai, None)
        if row.uai:
            self.uais[row.uai] = row.institution
        self.institutions[row.institution] = row

    def place(self, row: Account) -> None:
        """Put an account; the place of the principal one of a network is never taken twice."""
        before = self.accounts.get(row.account)
        if before is not None:
            del self._places[before.institution, before.network][row.account]
        if row.is_principal and row.closed_on is None and self.leader(row) is not None:
            # Who leads now may step back later: the place is asked for again at the end.
            self._waiting[row.account] = None
            row = replace(row, is_principal=False)
        self._places[row.institution, row.network][row.account] = None
        self.accounts[row.account] = row

    def leader(self, row: Account) -> Account | None:
        for key in self._places[row.institution, row.network]:
            other = self.accounts[key]
            if key != row.account and other.is_principal and other.closed_on is None:
                return other
        return None


def _add(draft: _Draft, item: Item) -> None:
    if item.record is None or item.institution in draft.institutions:
        raise _Unfit(_("{name} is in the register already.", name=item.name))
    draft.put(item.record)
    for years in item.enrolments:
        draft.enrolments[years.institution, years.year] = years
    for account in item.accounts:
        # An account that someone took meanwhile stays there: the next look shows the conflict.
        if account.account not in draft.accounts:
            draft.place(account)


def _reopen(draft: _Draft, item: Item) -> None:
    row = draft.institution(item.institution, item.name)
    draft.put(replace(row, closed_on=None, merged_into=None))


def _rename(draft: _Draft, item: Item) -> None:
    row = draft.institution(item.institution, item.name)
    if row.name != item.old:
        raise _Unfit(_changed_since(item))
    known = {alias.casefold() for alias in row.aliases}
    aliases = row.aliases if row.name.casefold() in known else (*row.aliases, row.name)
    name = str(item.new)
    aliases = tuple(alias for alias in aliases if alias.casefold() != name.casefold())
    draft.put(replace(row, name=name, aliases=aliases))


def _change(draft: _Draft, item: Item) -> None:
    row = draft.institution(item.institution, item.name)
    name = item.field or ""
    before = getattr(row, name)
    if name in {"aliases", "other_uais"}:
        new = item.new if isinstance(item.new, tuple) else ()
        grown = (*before, *(text for text in new if text not in before))
        is_names = name == "aliases"
        draft.put(replace(row, aliases=grown) if is_names else replace(row, other_uais=grown))
        return
    if before != item.old:
        raise _Unfit(_changed_since(item))
    if name == "uai":
        kept = (*row.other_uais, row.uai or "")
        row = replace(row, other_uais=tuple(c for c in dict.fromkeys(kept) if c and c != item.new))
    draft.put(replace(row, **{name: item.new}))  # type: ignore[arg-type]  # item.new has the field's type


def _count(draft: _Draft, item: Item) -> None:
    draft.institution(item.institution, item.name)
    for row in item.enrolments:
        draft.enrolments[row.institution, row.year] = row


def _open_account(draft: _Draft, item: Item) -> None:
    draft.institution(item.institution, item.name)
    (row,) = item.accounts
    if row.account in draft.accounts:
        raise _Unfit(
            _("{account} is in the register already, under another institution or address.",
              account=row.account)
        )  # fmt: skip
    draft.place(row)


def _alter_account(draft: _Draft, item: Item) -> None:
    (row,), (known,) = item.accounts, item.replaced
    current = draft.accounts.get(row.account)
    if current is None or current.institution != row.institution:
        raise _Unfit(_changed_since(item))
    if row.is_principal and not known.is_principal:
        leader = draft.leader(row)
        if leader is not None:
            draft.place(replace(leader, is_principal=False))
    draft.place(row)


def _close_account(draft: _Draft, item: Item) -> None:
    (row,) = item.accounts
    current = draft.accounts.get(row.account)
    if current is None or current.institution != item.institution:
        raise _Unfit(_changed_since(item))
    draft.place(replace(current, closed_on=item.day))


def _move_account(draft: _Draft, item: Item) -> None:
    draft.institution(item.institution, item.name)
    (row,) = item.accounts
    draft.place(replace(row, closed_on=None))


def _end(draft: _Draft, item: Item) -> None:
    row = draft.institution(item.institution, item.name)
    if item.other is not None:
        draft.institution(item.other, item.other_name or item.other)
        row = replace(row, merged_into=item.other)
    draft.put(
        replace(row, closed_on=item.day if item.kind == "closed" else row.closed_on or item.day)
    )


def _changed_since(item: Item) -> Words:
    return _(
        "What the register says of {name} has changed since this was proposed. Read the source "
        "again for a fresh comparison.",
        name=item.name,
    )


_EFFECTS: Mapping[str, Callable[[_Draft, Item], None]] = {
    "new": _add,
    "reopened": _reopen,
    "renamed": _rename,
    "changed": _change,
    "students": _count,
    "account_gone": _close_account,
    "account_moved": _move_account,
    "account_changed": _alter_account,
    "account_new": _open_account,
    "conflict": _move_account,
    "merged": _end,
    "closed": _end,
    "ambiguous": _end,
}
