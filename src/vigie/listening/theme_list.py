"""Themes as they are read: under the names people gave, merged ones as one, small cells hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vigie.listening.emerging import LEAST_AUTHORS
from vigie.listening.themes import Theme, fingerprint
from vigie.model import ThemeFound

OWN = "own"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What people decided about a theme."""

    name: str = ""
    into: str | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A theme of the page."""

    theme: str
    name: str
    written: tuple[str, ...]
    posts: int
    authors: int
    """At least so many: of merged themes, those of the largest."""
    parts: tuple[ThemeFound, ...]
    """Itself, and those merged into it."""

    @property
    def merged(self) -> tuple[ThemeFound, ...]:
        """Return the themes that are counted with it."""
        return tuple(one for one in self.parts if one.theme != self.theme)


def shown(found: Sequence[ThemeFound], kept: Mapping[str, Kept]) -> list[Shown]:
    """Return the themes to show, the largest first; what fewer than five persons say is not."""
    there = {one.theme: one for one in found}
    groups: dict[str, list[ThemeFound]] = {}
    for one in found:
        groups.setdefault(_root(one.theme, kept, there), []).append(one)
    themes = [_shown(root, parts, there, kept) for root, parts in groups.items()]
    visible = [one for one in themes if one.authors >= LEAST_AUTHORS or _is_own(one)]
    return sorted(visible, key=lambda one: (-one.posts, one.theme))


def hidden(found: Sequence[ThemeFound], kept: Mapping[str, Kept]) -> int:
    """Return how many themes are not shown, since too few persons speak of them."""
    roots = {_root(one.theme, kept, {each.theme: each for each in found}) for one in found}
    return len(roots) - len(shown(found, kept))


def name_of(found: ThemeFound, kept: Mapping[str, Kept]) -> str:
    """Return what a theme is called."""
    decided = kept.get(found.theme)
    if decided is not None and decided.name:
        return decided.name
    told = Theme(
        terms=found.terms,
        weights=found.weights,
        written=found.written,
        fingerprint=fingerprint(found.terms),
    )
    return told.name


def _is_own(one: Shown) -> bool:
    return all(part.scope == OWN for part in one.parts)


def _root(theme: str, kept: Mapping[str, Kept], there: Mapping[str, ThemeFound]) -> str:
    """Return the theme it is counted with, as long as that one is there."""
    seen: set[str] = set()
    while theme not in seen:
        seen.add(theme)
        decided = kept.get(theme)
        if decided is None or decided.into is None or decided.into not in there:
            return theme
        theme = decided.into
    return theme


def _shown(
    root: str,
    parts: Sequence[ThemeFound],
    there: Mapping[str, ThemeFound],
    kept: Mapping[str, Kept],
) -> Shown:
    head = there[root]
    return Shown(
        theme=root,
        name=name_of(head, kept),
        written=head.written,
        posts=sum(one.posts for one in parts),
        authors=max(one.authors for one in parts),
        parts=tuple(sorted(parts, key=lambda one: (one.theme != root, -one.posts))),
    )
