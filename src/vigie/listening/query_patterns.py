"""What to look for in a folded text: the one form of words that every way of asking shares.

Only what all engines understand alike is used: parts of a text, and regular expressions of
letters, ``[^ ]``, groups, choices and counts. Where words end is said by the spaces between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, singledispatch

import ibis
import ibis.expr.types as ir

from vigie.listening.folding import HANDLE, LINK, TAG
from vigie.listening.query_nodes import ANY, ONE, AnyOf, Exact, Link, Near, Phrase, Tag

_LETTER = f"[^ {TAG}{HANDLE}{LINK}]"
_SPECIAL = re.compile(r"[.+*?(){}|$]")


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """Parts of which one must be in a text, or else an expression that must be found in it."""

    parts: tuple[str, ...] = ()
    expression: str = ""

    def is_in(self, text: str) -> bool:
        """Tell whether it is found."""
        if self.parts:
            return any(part in text for part in self.parts)
        return _compiled(self.expression).search(text) is not None

    def condition(self, column: ir.StringValue) -> ir.BooleanValue:
        """Return the same as an expression over a column."""
        if self.parts:
            return ibis.or_(*(column.contains(part) for part in self.parts))
        return column.re_search(self.expression)


@lru_cache(maxsize=1_000)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


@singledispatch
def pattern_of(node: object) -> Pattern:
    """Return what to look for: ``Exact`` in the exact text, all else in the folded one."""
    raise TypeError(node)


@pattern_of.register
def _of_phrase(node: Phrase) -> Pattern:
    marks = ("", TAG, HANDLE) if len(node.patterns) == 1 else ("",)
    if not is_wild(node.patterns):
        together = " ".join(node.patterns)
        return Pattern(parts=tuple(f" {mark}{together} " for mark in marks))
    choice = f"[{TAG}{HANDLE}]?" if len(marks) > 1 else ""
    return Pattern(expression=f" {choice}{_words(node)} ")


@pattern_of.register
def _of_tag(node: Tag) -> Pattern:
    if not is_wild((node.pattern,)):
        return Pattern(parts=(f" {node.mark}{node.pattern} ",))
    return Pattern(expression=f" {node.mark}{wild(node.pattern)} ")


@pattern_of.register
def _of_link(node: Link) -> Pattern:
    return Pattern(expression=f" {LINK}[^ ]*{_SPECIAL.sub(_boxed, node.part)}")


@pattern_of.register
def _of_exact(node: Exact) -> Pattern:
    return Pattern(parts=(f" {' '.join(node.words)} ",))


@pattern_of.register
def _of_near(node: Near) -> Pattern:
    return Pattern(expression=f" {_span(node)} ")


def is_wild(patterns: tuple[str, ...]) -> bool:
    """Tell whether there is a wildcard."""
    return any(sign in pattern for pattern in patterns for sign in (ANY, ONE))


def _span(node: Phrase | Near | AnyOf) -> str:
    """Return the expression of something that has a place, from its first word to its last."""
    if isinstance(node, Phrase):
        return _words(node)
    if isinstance(node, AnyOf):
        return f"(?:{'|'.join(_span(part) for part in node.parts)})"  # type: ignore[arg-type]  # only what has a place
    first, second = _span(node.first), _span(node.second)
    between = f"(?: [^ ]+){{0,{node.between}}} "
    if node.is_ordered:
        return f"{first}{between}{second}"
    return f"(?:{first}{between}{second}|{second}{between}{first})"


def _words(node: Phrase) -> str:
    return " ".join(map(wild, node.patterns))


def wild(pattern: str) -> str:
    """Return the expression of a word with wildcards."""
    return pattern.replace(ANY, f"{_LETTER}*").replace(ONE, _LETTER)


def _boxed(found: re.Match[str]) -> str:
    return f"[{found[0]}]"
