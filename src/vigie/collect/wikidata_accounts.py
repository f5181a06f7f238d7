"""Which accounts an item of Wikidata names, and under which key the register has them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vigie.collect.address import parse_addresses
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.collect.network_paths import account_key

HANDLES = {
    "P2002": "x",
    "P2003": "instagram",
    "P2013": "facebook",
    "P4264": "linkedin",
    "P2397": "youtube",
    "P11245": "youtube",
    "P4033": "mastodon",
    "P12361": "bluesky",
    "P7085": "tiktok",
    "P11892": "threads",
    "P4015": "vimeo",
    "P3836": "pinterest",
    "P3267": "flickr",
    "P2942": "dailymotion",
    "P2037": "github",
}
"""Properties that hold a handle, or an identifier that stands in addresses."""
NUMBERS = {"P6552": ("P2002", "x"), "P12546": ("P2003", "instagram"),
           "P11705": ("P2013", "facebook")}  # fmt: skip
"""Properties that hold the number of an account, and the one whose statements they qualify."""
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)


def accounts_in(claims: Item) -> Mapping[str, str]:
    """Return ``network:number`` → the account's key, for accounts named with their number."""
    found: dict[str, str] = {}
    for number, (handle, network) in NUMBERS.items():
        for statement in claims.at(handle):
            if statement.name("rank") == "deprecated":
                continue
            account = _key(network, _value(statement.at("mainsnak")))
            for snak in statement.at("qualifiers", number):
                if account is not None and (value := _value(snak)) is not None:
                    found.setdefault(f"{network}:{value}", account)
    return found


def named_account(qualifiers: Item, known: Item) -> str | Skipped:
    """Return the key of the one account that qualifiers name, or why there is none."""
    if not isinstance(qualifiers.value, Mapping):
        return Skipped("names no account")
    found: set[str] = set()
    for name in qualifiers.value:
        for snak in qualifiers.at(str(name)):
            account = _named(str(name), _value(snak), known)
            found |= {account} if account else set()
    if len(found) == 1:
        return found.pop()
    return Skipped("names several accounts" if found else "names no account that is followed here")


def _named(name: str, value: str | None, known: Item) -> str | None:
    if name in HANDLES:
        return _key(HANDLES[name], value)
    if name in NUMBERS and value is not None and _NUMBER.fullmatch(value):
        network = NUMBERS[name][1]
        return known.name(f"{network}:{value}") or account_key(
            network, handle=None, identifier=value
        )
    return None


def _key(network: str, value: str | None) -> str | None:
    found = parse_addresses(value, network).found
    return found[0].account if len(found) == 1 and found[0].network == network else None


def _value(snak: Item) -> str | None:
    return snak.name("datavalue", "value")
