"""Sees that a query looks for a person, and refuses it. Pure.

Its limits, said plainly: a surname alone is not seen, nor a first name that no list of ours
holds, nor a nickname. Whoever keeps a query answers for its purpose, which everyone may read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise, product

from vigie.collect.address import NETWORKS, parse_addresses
from vigie.errors import PersonError
from vigie.listening.folding import HANDLE, TAG, joined, parts_of, words_of
from vigie.listening.names import (
    PARTICLES,
    Allowed,
    is_ambiguous,
    is_first_name,
    is_surname_like,
    is_title,
)
from vigie.listening.query import Query
from vigie.listening.query_nodes import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Leaf,
    Link,
    Near,
    Node,
    Not,
    Phrase,
    Tag,
)
from vigie.present.writing import Names
from vigie.words import _

PERSON_FIELDS = ("from", "to")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TAG = re.compile(r"[#＃](\w+)|hashtag:\"?(\w+)", re.IGNORECASE)

Pair = tuple[str, str]


def require_no_person(query: Query, text: str, allowed: Allowed) -> None:
    """Raise ``PersonError`` when a query looks for a person who may not be looked for.

    ``text`` is the query as it was typed: capitals say what is a name.
    """
    found = [*handles_in(query, allowed), *names_in(query, text, allowed)]
    if not found:
        return
    raise PersonError(
        _(
            "This query looks for a person: {names}. Vigie does not search for private persons. "
            "Take the name out. If the person has a public role, an administrator may enter them "
            "in the register of public figures, with the reason; if it is no person (a building, "
            "a prize), an administrator may permit the query.",
            names=Names(tuple(dict.fromkeys(found))),
        )
    )


def handles_in(query: Query, allowed: Allowed) -> list[str]:
    """Return the handles and profiles it looks for that are neither of the register nor public."""
    node = wanted(query.node)
    found: list[str] = []
    for leaf in _leaves(node):
        if isinstance(leaf, Field) and leaf.name in PERSON_FIELDS:
            found += [
                f"{leaf.name}:{value}" for value in leaf.values if not _is_ours(value, allowed)
            ]
        elif isinstance(leaf, Tag) and leaf.mark == HANDLE and leaf.pattern not in allowed.handles:
            found.append(f"@{leaf.pattern}")
        elif isinstance(leaf, Link):
            profiles = parse_addresses(leaf.part).found
            found += [one.url for one in profiles if not _is_our_profile(one.account, allowed)]
    return found


def names_in(query: Query, text: str, allowed: Allowed) -> list[str]:
    """Return the names of persons it looks for."""
    node = _without_names(wanted(query.node), allowed)
    capitals = {
        word for found in _WORD.findall(text) if found[0].isupper() for word in words_of(found)
    }
    pairs = [*_pairs(node), *_pairs_in_tags(text, node)]
    named = {pair for pair in pairs if _is_person(pair, capitals, allowed)}
    return sorted(f"{first} {second}" for first, second in named)


def wanted(node: Node, *, is_refused: bool = False) -> Node | None:
    """Return what a query asks for, without what it excludes; none: it only excludes.

    What is excluded twice is asked for: ``NOT (NOT a OR NOT b)`` is ``a AND b``.
    """
    if isinstance(node, Not):
        return wanted(node.part, is_refused=not is_refused)
    if isinstance(node, (AllOf, AnyOf)):
        kept = [wanted(part, is_refused=is_refused) for part in node.parts]
        parts = tuple(part for part in kept if part is not None)
        if not parts:
            return None
        return AllOf(parts) if isinstance(node, AllOf) != is_refused else AnyOf(parts)
    return None if is_refused else node


def _without_names(node: Node | None, allowed: Allowed) -> Node | None:
    """Leave out phrases that are names of the register: their words name nobody beside others."""
    if isinstance(node, (AllOf, AnyOf)):
        kept = [_without_names(part, allowed) for part in node.parts]
        parts = tuple(part for part in kept if part is not None)
        return type(node)(parts) if parts else None
    return None if isinstance(node, Phrase) and allowed.names_whole(node.patterns) else node


def _is_person(pair: Pair, capitals: set[str], allowed: Allowed) -> bool:
    return not allowed.holds(*pair) and any(
        _is_name(first, second, capitals) for first, second in (pair, pair[::-1])
    )


def _is_name(first: str, second: str, capitals: set[str]) -> bool:
    if not is_surname_like(second):
        return False
    if is_title(first):
        return second in capitals
    if not is_first_name(first):
        return False
    return not is_ambiguous(first) or {first, second} <= capitals


def _pairs(node: Node | None) -> Iterator[Pair]:
    """Yield every two words that a post must have together to be found."""
    if isinstance(node, (Phrase, Exact)):
        yield from pairwise(_said(node))
    elif isinstance(node, Near):
        yield from _between([node.first, node.second])
    elif isinstance(node, AllOf):
        yield from _between(node.parts)
    elif isinstance(node, AnyOf):
        for part in node.parts:
            yield from _pairs(part)


def _between(parts: Iterator[Node] | tuple[Node, ...] | list[Node]) -> Iterator[Pair]:
    listed = list(parts)
    for part in listed:
        yield from _pairs(part)
    for one, other in combinations([list(_words(part)) for part in listed], 2):
        yield from product(one, other)


def _words(node: Node) -> Iterator[str]:
    for leaf in _leaves(node):
        if isinstance(leaf, (Phrase, Exact)):
            yield from _said(leaf)


def _said(node: Phrase | Exact) -> list[str]:
    """Return the words of a phrase, without the small ones inside names."""
    words = node.patterns if isinstance(node, Phrase) else words_of(" ".join(node.words))
    return [word for word in words if word not in PARTICLES]


def _pairs_in_tags(text: str, node: Node | None) -> Iterator[Pair]:
    """Yield the words that follow each other in a hashtag, which capitals part."""
    looked_for = {
        leaf.pattern for leaf in _leaves(node) if isinstance(leaf, Tag) and leaf.mark == TAG
    }
    for found in _TAG.finditer(text):
        tag = found[1] or found[2]
        if joined(tag) in looked_for:
            words = [word for part in parts_of(tag) for word in words_of(part)]
            yield from pairwise(word for word in words if word not in PARTICLES)


def _leaves(node: Node | None) -> Iterator[Leaf]:
    if isinstance(node, (AllOf, AnyOf)):
        for part in node.parts:
            yield from _leaves(part)
    elif isinstance(node, Near):
        yield from _leaves(node.first)
        yield from _leaves(node.second)
    elif node is not None and not isinstance(node, Not):
        yield node


def _is_ours(value: str, allowed: Allowed) -> bool:
    network, _colon, handle = value.partition(":")
    named = handle if network in NETWORKS and handle else value
    return joined(named) in allowed.handles


def _is_our_profile(account: str, allowed: Allowed) -> bool:
    return account in allowed.accounts or _is_ours(account, allowed)
