"""Which contacts may be one person, and why: said to a person, who alone decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from vigie.inbox.routing import folded
from vigie.words import Words, _

MOST_IN_A_GROUP = 6
"""So many contacts under one name say nothing: they are many people of that name."""
LEAST_LETTERS = 5
"""Of a handle that two networks share; shorter ones are taken by anyone."""
EVERYBODY = frozenset(
    {
        "admin", "bonjour", "contact", "hello", "info", "noreply", "postmaster", "secretariat",
        "support",
    }
)  # fmt: skip
"""Names before the @ that belong to no one."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is compared of a contact."""

    contact: int
    name: str
    handles: tuple[tuple[str, str, str], ...]
    """Network, address, and the handle people know."""
    mentioned: tuple[str, ...] = ()
    """Mail addresses in the words of this contact: a signature, for example."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two contacts that may be one, with the reasons; those with most reasons come first."""

    first: int
    second: int
    reasons: tuple[Words, ...]


def suggested(contacts: Iterable[Known]) -> list[Pair]:
    """Return pairs with their reasons: suggestions, since names and handles are shared."""
    found: dict[tuple[int, int], list[Words]] = defaultdict(list)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    reasons: dict[tuple[str, str], Words] = {}
    for contact in contacts:
        for key, reason in _keys(contact):
            if contact.contact not in groups[key]:
                groups[key].append(contact.contact)
            reasons[key] = reason
    for key, members in groups.items():
        if len(members) <= MOST_IN_A_GROUP:
            for first, second in combinations(sorted(members), 2):
                found[first, second].append(reasons[key])
    pairs = [
        Pair(first=first, second=second, reasons=tuple(why))
        for (first, second), why in found.items()
    ]
    return sorted(pairs, key=lambda pair: (-len(pair.reasons), pair.first, pair.second))


def _keys(contact: Known) -> Iterator[tuple[tuple[str, str], Words]]:
    """Yield what two contacts may have in common, and how it is said."""
    name = folded(contact.name).strip()
    if " " in name:
        yield ("name", name), _("Both are called {name}.", name=contact.name)
    for network, address, shown in contact.handles:
        plain = _plain_handle(network, address, shown)
        if len(plain) >= LEAST_LETTERS and plain not in EVERYBODY:
            yield ("handle", plain), _("Both go by “{handle}”.", handle=plain)
        if network == "mail":
            mail = address.casefold()
            yield ("mail", mail), _("One of them writes the other’s address, {mail}.", mail=mail)
    for mail in contact.mentioned:
        folded_mail = mail.casefold()
        words = _("One of them writes the other’s address, {mail}.", mail=folded_mail)
        yield ("mail", folded_mail), words


def _plain_handle(network: str, address: str, shown: str) -> str:
    """Return the part of a handle that a person chose."""
    named = address if network == "mail" else shown
    return named.lstrip("@").partition("@")[0].partition(".")[0].casefold()
