"""What a query is made of once it is read; ``str`` writes each as a person would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vigie.listening.folding import TAG

ANY, ONE = "*", "?"
"""Wildcards: any letters, also none; exactly one letter."""
_PLAIN = re.compile(r"[^\s,()\"“”«»]+")


@dataclass(frozen=True)
class Phrase:
    """A word, or several that must follow each other; each folded, perhaps with wildcards."""

    patterns: tuple[str, ...]
    spelt: tuple[str, ...] = field(default=(), compare=False)
    """The same with the accents they were typed with, for networks that want them."""

    def __str__(self) -> str:
        if len(self.patterns) == 1:
            return self.patterns[0]
        # In quotes, a ? that ends a word is a question mark.
        if any(pattern.endswith(ONE) for pattern in self.patterns):
            return "-".join(self.patterns)
        return f'"{" ".join(self.patterns)}"'


@dataclass(frozen=True)
class Tag:
    """A hashtag or a handle in one piece, folded, perhaps with wildcards."""

    mark: str
    pattern: str
    spelt: str = field(default="", compare=False)
    """The same as it was typed, for networks that want it so."""

    def __str__(self) -> str:
        return f"hashtag:{self.pattern}" if self.mark == TAG else f"@{self.pattern}"


@dataclass(frozen=True)
class Link:
    """Part of an address: the post's own, or one it links to."""

    part: str

    def __str__(self) -> str:
        return f"url:{_quoted(self.part)}"


@dataclass(frozen=True)
class Exact:
    """Words as they are written, accents and capitals included, one after the other."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        together = " ".join(self.words)
        return f"raw:{together}" if len(self.words) == 1 else f'raw:"{together}"'


@dataclass(frozen=True)
class Near:
    """Two finds with at most so many words between them, in either order or in this one."""

    first: Spanning
    second: Spanning
    between: int
    is_ordered: bool = False

    def __str__(self) -> str:
        sign = f"{'O' if self.is_ordered else ''}NEAR/{self.between}"
        first = f"({self.first})" if isinstance(self.first, AnyOf) else str(self.first)
        second = f"({self.second})" if isinstance(self.second, (AnyOf, Near)) else str(self.second)
        return f"{first} {sign} {second}"


@dataclass(frozen=True)
class Field:
    """Something that is known of a post beside its words; one of several values will do."""

    name: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}:{','.join(map(_quoted, self.values))}"


@dataclass(frozen=True)
class Not:
    """Everything but."""

    part: Node

    def __str__(self) -> str:
        return f"NOT {_grouped(self.part, AllOf, AnyOf)}"


@dataclass(frozen=True)
class AllOf:
    """All of these."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join(_grouped(part, AnyOf) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """At least one of these."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Leaf = Phrase | Tag | Link | Exact | Near | Field
Node = Leaf | Not | AllOf | AnyOf
Spanning = Phrase | Near | AnyOf
"""What has a place in a text: ``AnyOf`` only where all its parts have one."""


def all_of(*parts: Node) -> Node:
    """Return the parts as one, without groups inside groups."""
    flat = _flat(AllOf, parts)
    return flat[0] if len(flat) == 1 else AllOf(flat)


def any_of(*parts: Node) -> Node:
    """Return the choice between the parts, without choices inside choices."""
    flat = _flat(AnyOf, parts)
    return flat[0] if len(flat) == 1 else AnyOf(flat)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield every leaf of a query, from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, (AllOf, AnyOf)):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def phrases_in(node: Node) -> Iterator[Phrase]:
    """Yield every word and phrase of a query, those it excludes too."""
    for leaf in leaves(node):
        if isinstance(leaf, Phrase):
            yield leaf
        elif isinstance(leaf, Near):
            yield from phrases_in(leaf.first)
            yield from phrases_in(leaf.second)


def _flat(kind: type[AllOf] | type[AnyOf], parts: tuple[Node, ...]) -> tuple[Node, ...]:
    found: list[Node] = []
    for part in parts:
        inner = _flat(kind, part.parts) if isinstance(part, kind) else (part,)
        found += [one for one in inner if one not in found]
    return tuple(found)


def _grouped(node: Node, *kinds: type) -> str:
    return f"({node})" if isinstance(node, kinds) else str(node)


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else f'"{value}"'
