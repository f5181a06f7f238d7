"""Says an item of a difference in plain language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from vigie.model import Account
from vigie.register.item import Fact, Item
from vigie.words import Words, _, plural

FIELD_WORDS: Mapping[str, Words] = {
    "kind": _("kind"),
    "country": _("country"),
    "region": _("region"),
    "city": _("city"),
    "website": _("web site"),
    "timezone": _("time zone"),
    "uai": _("UAI code"),
    "other_uais": _("other and former UAI codes"),
    "ror": _("ROR identifier"),
    "wikidata": _("Wikidata entity"),
    "eter": _("ETER identifier"),
    "short_name": _("short name"),
    "opened_on": _("date of creation"),
    "aliases": _("other names"),
}

EVIDENCE_WORDS: Mapping[str, Words] = {
    "uai": _("same UAI code"),
    "former_uai": _("its former UAI code"),
    "ror": _("same ROR identifier"),
    "wikidata": _("same Wikidata entity"),
    "website": _("same web site"),
    "name": _("same name and place"),
}

KIND_WORDS: Mapping[str, Words] = {
    "new": _("New institution"),
    "reopened": _("Named again"),
    "renamed": _("Renamed"),
    "changed": _("Changed"),
    "students": _("Students"),
    "account_new": _("New account"),
    "account_changed": _("Account changed"),
    "account_gone": _("Account no longer named"),
    "account_moved": _("Account moved"),
    "conflict": _("Account claimed twice"),
    "merged": _("Merged"),
    "closed": _("Closed, or no longer named"),
    "ambiguous": _("To be decided"),
}

NONE = _("none")


def words_of(item: Item) -> Words:
    """Say what accepting an item means."""
    return _SENTENCES[item.kind](item)


def _account(row: Account) -> str:
    return f"{row.network} {row.handle or row.identifier or row.url or row.account}"


def _fact(value: Fact) -> str | date | Words:
    if value in (None, ()):
        return NONE
    return ", ".join(value) if isinstance(value, tuple) else value or NONE


def _new(item: Item) -> Words:
    return plural(
        "{name} is new, with one account.",
        "{name} is new, with {count} accounts.",
        count=len(item.accounts),
        name=item.name,
    )


def _renamed(item: Item) -> Words:
    evidence = EVIDENCE_WORDS.get(item.evidence or "", NONE)
    return _("{old} is now called {new} ({evidence}).", old=_fact(item.old), new=_fact(item.new),
             evidence=evidence)  # fmt: skip


def _changed(item: Item) -> Words:
    if item.field in {"aliases", "other_uais"} and isinstance(item.new, tuple):
        known = item.old if isinstance(item.old, tuple) else ()
        added = tuple(text for text in item.new if text not in known)
        return _("{name}, {field}: {added} is added.", name=item.name,
                 field=FIELD_WORDS[item.field], added=_fact(added))  # fmt: skip
    return _(
        "{name}, {field}: {old} becomes {new}.",
        name=item.name,
        field=FIELD_WORDS[item.field or ""],
        old=_fact(item.old),
        new=_fact(item.new),
    )


def _students(item: Item) -> Words:
    years = sorted(row.year for row in item.enrolments)
    return plural(
        "{name}: the number of students of {first} is added or corrected.",
        "{name}: the numbers of students of {count} years, {first} to {last}, are added or "
        "corrected.",
        count=len(years),
        name=item.name,
        first=str(years[0]),
        last=str(years[-1]),
    )


def _account_new(item: Item) -> Words:
    return _("{name} has a new account: {account}.", name=item.name,
             account=_account(item.accounts[0]))  # fmt: skip


def _account_changed(item: Item) -> Words:
    row, known = item.accounts[0], item.replaced[0]
    if row.is_principal and not known.is_principal:
        return _("{name}: {account} becomes the principal account of the network.",
                 name=item.name, account=_account(row))  # fmt: skip
    if known.is_principal and not row.is_principal:
        return _("{name}: {account} becomes a secondary account.",
                 name=item.name, account=_account(row))  # fmt: skip
    if known.closed_on is not None and row.closed_on is None:
        return _("{name}: {account} is named again.", name=item.name, account=_account(row))
    return _("{name}: the address of {account} changes to {url}.", name=item.name,
             account=_account(row), url=row.url or NONE)  # fmt: skip


def _account_gone(item: Item) -> Words:
    return _("{name} no longer names {account}: it is closed on {day}.", name=item.name,
             account=_account(item.accounts[0]), day=item.day)  # fmt: skip


def _account_moved(item: Item) -> Words:
    return _("{account} goes from {other} to {name}.", account=_account(item.accounts[0]),
             other=item.other_name, name=item.name)  # fmt: skip


def _conflict(item: Item) -> Words:
    return _(
        "{account} is named by {name} and by {other}: an account has one institution. Accept to "
        "give it to {name}, reject to leave it with {other}.",
        account=_account(item.accounts[0]),
        name=item.name,
        other=item.other_name,
    )


def _merged(item: Item) -> Words:
    return _("{name} went into {other}; its own history ends on {day}.", name=item.name,
             other=item.other_name, day=item.day)  # fmt: skip


def _closed(item: Item) -> Words:
    return _(
        "{name} is closed, or no longer named. Accept to close it on {day}; its history stays.",
        name=item.name,
        day=item.day,
    )


def _reopened(item: Item) -> Words:
    return _("{name}, closed on {day}, is named again.", name=item.name, day=item.day)


def _ambiguous(item: Item) -> Words:
    return _(
        "{name} is no longer named and {other} may have taken its place. Accept to say so: {name} "
        "then ends on {day} and goes on as {other}.",
        name=item.name,
        other=item.other_name,
        day=item.day,
    )


_SENTENCES: Mapping[str, Callable[[Item], Words]] = {
    "new": _new,
    "reopened": _reopened,
    "renamed": _renamed,
    "changed": _changed,
    "students": _students,
    "account_new": _account_new,
    "account_changed": _account_changed,
    "account_gone": _account_gone,
    "account_moved": _account_moved,
    "conflict": _conflict,
    "merged": _merged,
    "closed": _closed,
    "ambiguous": _ambiguous,
}
