"""Answers a query for one part of a concordance, with sorted numbers instead of texts.

An answer is two sets of posts: those that are caught for sure, and those that may be. They differ
only where a query asks what a concordance does not hold (exact spelling, addresses): the texts of
the posts in between must then be read.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.listening.concordance_reading import Part, Run
from vigie.listening.folding import ELIDED, HANDLE, LINK, TAG, words_of
from vigie.listening.query_fields import FIELDS, FieldKind
from vigie.listening.query_nodes import (
    ANY,
    ONE,
    AllOf,
    AnyOf,
    Exact,
    Field,
    Link,
    Near,
    Node,
    Not,
    Phrase,
    Tag,
)
from vigie.listening.query_patterns import is_wild, wild

Mask = npt.NDArray[np.bool_]
Combinations = list[tuple[Any, ...]]
Places = npt.NDArray[np.int64]
"""Words of texts: the post's number and the word's position in one number, sorted."""
EVERY = ("", TAG, HANDLE)
ACCOUNT = "account"
"""The column that holds the author of an account's own post, and nothing for anyone else's."""
FEW = 4_096
"""Combinations that are all thought of, whether they occur or not."""
POST = np.int64(32)
"""By how many bits a post's number stands to the left of the position."""


@dataclass(frozen=True)
class Answer:
    """Which posts are caught for sure, and which may be."""

    sure: Mask
    maybe: Mask

    @classmethod
    def known(cls, mask: Mask) -> Answer:
        return cls(mask, mask)


@dataclass(frozen=True)
class Spans:
    """Finds from their first word to their last."""

    starts: Places
    ends: Places


def answer(node: Node, part: Part) -> Answer:
    """Return which posts of a part a query catches."""
    if isinstance(node, AllOf):
        return _all(node.parts, part)
    if isinstance(node, AnyOf):
        found = [answer(one, part) for one in node.parts]
        return Answer(
            reduce(np.logical_or, [one.sure for one in found]),
            reduce(np.logical_or, [one.maybe for one in found]),
        )
    if isinstance(node, Not):
        excluded = answer(node.part, part)
        return Answer(~excluded.maybe, ~excluded.sure)
    return _leaf(node, part)


def _all(nodes: Sequence[Node], part: Part) -> Answer:
    sure = maybe = np.ones(part.posts, np.bool_)
    for node in nodes:
        found = answer(node, part)
        sure, maybe = sure & found.sure, maybe & found.maybe
        if not maybe.any():
            break  # what is left need not be read
    return Answer(sure, maybe)


def _leaf(node: Node, part: Part) -> Answer:
    if isinstance(node, Field):
        return Answer.known(_having(node, part))
    if isinstance(node, Exact):
        return _exactly(node, part)
    if isinstance(node, Link):
        sure = part.has_address(node.part)
        return Answer(sure, sure | _holding(_runs(LINK, part), part))
    if isinstance(node, Tag):
        return Answer.known(_holding(_runs(node.pattern, part, marks=(node.mark,)), part))
    if isinstance(node, Phrase) and len(node.patterns) == 1:
        runs = _runs(node.patterns[0], part, marks=EVERY)
        return Answer.known(_holding(runs, part))
    assert isinstance(node, (Phrase, Near))
    mask = np.zeros(part.posts, np.bool_)
    mask[_spans(node, part).starts >> POST] = True
    return Answer.known(mask)


def _exactly(node: Exact, part: Part) -> Answer:
    """Return the posts that have the words in other letters: nobody else can have them so."""
    words = [word for written in node.words for word in words_of(written)]
    masks = [_holding(_runs(word, part, marks=EVERY), part) for word in words if word not in ELIDED]
    maybe = reduce(np.logical_and, masks, np.ones(part.posts, np.bool_))
    return Answer(np.zeros_like(maybe), maybe)


# ── words ─────────────────────────────────────────────────────────────────────────────


def _runs(pattern: str, part: Part, marks: Iterable[str] = ("",)) -> list[Run]:
    """Return where the terms that fit a pattern stand, with each of these marks before."""
    if not is_wild((pattern,)):
        return [run for mark in marks if (run := part.run_of(mark + pattern)) is not None]
    prefix = pattern[: min(pattern.find(sign) for sign in (ANY, ONE) if sign in pattern)]
    return _joined(
        run for mark in marks for run in part.runs_like(mark + wild(pattern), mark + prefix)
    )


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Join runs that follow each other: all that begin alike are read in one go."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].start + found[-1].count == run.start:
            found[-1] = Run(start=found[-1].start, count=found[-1].count + run.count)
        else:
            found.append(run)
    return found


def _holding(runs: Iterable[Run], part: Part) -> Mask:
    mask = np.zeros(part.posts, np.bool_)
    for run in runs:
        mask[part.posts_of(run)] = True
    return mask


def _places(pattern: str, part: Part) -> Places:
    """Return every place of the words that fit a pattern, sorted."""
    runs = _runs(pattern, part)
    if not runs:
        return np.zeros(0, np.int64)
    found = [(part.posts_of(run).astype(np.int64) << POST) | part.positions_of(run) for run in runs]
    # One term's places are sorted; those of several must be.
    return found[0] if len(found) == 1 and not is_wild((pattern,)) else np.sort(_all_of(found))


def _spans(node: Node, part: Part) -> Spans:
    if isinstance(node, AnyOf):
        found = [_spans(one, part) for one in node.parts]
        return _sorted(_all_of([s.starts for s in found]), _all_of([s.ends for s in found]))
    if isinstance(node, Near):
        return _near(node, part)
    assert isinstance(node, Phrase)
    starts = _places(node.patterns[0], part)
    for offset, pattern in enumerate(node.patterns[1:], start=1):
        starts = _also_in(starts, _places(pattern, part) - offset)
    return Spans(starts, starts + (len(node.patterns) - 1))


def _near(node: Near, part: Part) -> Spans:
    first, second = _spans(node.first, part), _spans(node.second, part)
    found = [_followed(first, second, node.between)]
    if not node.is_ordered:
        found.append(_followed(second, first, node.between))
    return _sorted(_all_of([s.starts for s in found]), _all_of([s.ends for s in found]))


def _followed(before: Spans, after: Spans, between: int) -> Spans:
    """Join each find with every one that begins after it, at most so many words later."""
    lows = np.searchsorted(after.starts, before.ends + 1)
    highs = np.searchsorted(after.starts, before.ends + 1 + between, side="right")
    counts = highs - lows
    pairs = np.repeat(np.arange(len(lows)), counts)
    within = np.arange(len(pairs)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Spans(before.starts[pairs], after.ends[lows[pairs] + within])


def _also_in(some: Places, others: Places) -> Places:
    """Return those that are in both; both are sorted."""
    if len(others) < len(some):
        some, others = others, some
    if not len(some):
        return some
    places = np.searchsorted(others, some)
    places[places == len(others)] = 0
    kept: Places = some[others[places] == some]
    return kept


def _sorted(starts: Places, ends: Places) -> Spans:
    order = np.argsort(starts, kind="stable")
    return Spans(starts[order], ends[order])


def _all_of(parts: Sequence[Places]) -> Places:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


# ── facts ─────────────────────────────────────────────────────────────────────────────


def _having(node: Field, part: Part) -> Mask:
    kind = FIELDS[node.name]
    return reduce(np.logical_or, [_where(part, kind, value) for value in node.values])


def _where(part: Part, kind: FieldKind, value: str) -> Mask:
    """Ask once of each combination of values that occurs, not once of each post."""
    names = kind.reads(value)
    # Pseudonyms are many, and each is only itself: it has no handle and is never a subject.
    columns = [ACCOUNT if name == "author" else name for name in names]
    codes, combinations = combined(part, columns)
    told = [kind.has(dict(zip(names, known, strict=True)), value) for known in combinations]
    mask: Mask = np.array(told, np.bool_)[codes]
    return mask | _written_by(part, value) if names == ("author",) else mask


def _written_by(part: Part, pseudonym: str) -> Mask:
    authors = part.column("author")
    if pseudonym not in authors.values:
        return np.zeros(part.posts, np.bool_)
    mask: Mask = authors.codes == authors.values.index(pseudonym)
    return mask


def combined(part: Part, names: Sequence[str]) -> tuple[npt.NDArray[Any], Combinations]:
    """Return a number for the values each post has in some columns, and what the numbers mean."""
    columns = [part.column(name) for name in names]
    if len(columns) == 1:
        return columns[0].codes, [(value,) for value in columns[0].values]
    sizes = [len(column.values) for column in columns]
    joint = columns[0].codes.astype(np.int64)
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        joint = joint * size + column.codes
    if math.prod(sizes) <= FEW:
        return joint, list(itertools.product(*(column.values for column in columns)))
    seen, codes = np.unique(joint, return_inverse=True)
    places = np.unravel_index(seen, sizes)
    combinations = [
        tuple(column.values[code] for column, code in zip(columns, row, strict=True))
        for row in zip(*places, strict=True)
    ]
    return codes, combinations
