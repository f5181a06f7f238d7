"""What to ask a network's search so that it finds at least what a query wants.

No network understands the whole language. It is asked for more, in the words it understands, and
what it finds is sifted by the query itself; where it cannot be asked, the reason is said.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from vigie.collect.connector import Ask, Connector, Syntax
from vigie.errors import SearchError
from vigie.listening.folding import ELIDED, TAG, words_of
from vigie.listening.query import Query
from vigie.listening.query_nodes import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Phrase,
    Tag,
    all_of,
)
from vigie.listening.query_patterns import is_wild
from vigie.words import Words, _

MOST_SEARCHES = 8
"""Questions that one query may put to one network at a time."""
MOST_COMBINATIONS = 64
"""Beyond so many ways to be caught, fewer words are asked for and more is sifted."""
LABELLED = frozenset({"intent", "service", "tone", "urgency", "about", "lang"})
"""Fields that are not known of a post before it is labelled."""

Term = Phrase | Tag
Way = frozenset[Term]
"""Terms that are all in a post which is caught in one of the ways there are."""


@dataclass(frozen=True, kw_only=True)
class Searches:
    """What one network is asked for a query, and what that cannot do."""

    asks: tuple[Ask, ...] = ()
    limits: tuple[Words, ...] = ()
    refusal: Words | None = None
    """Why it cannot be asked at all."""

    @property
    def words(self) -> tuple[str, ...]:
        """What is asked, as the network is asked it."""
        return tuple(ask.subject.words or "" for ask in self.asks)


@dataclass(frozen=True, kw_only=True)
class Costing:
    """What it takes to ask a network for a query."""

    connector: str
    network: Words
    searches: tuple[str, ...] = ()
    refusal: Words | None = None
    limits: tuple[Words, ...] = ()
    posts_a_month: float | None = field(default=None)
    """As the posts of the store let expect; unknown where it has none of this network."""
    euros_a_month: float | None = None
    """Unknown where the posts are; nothing where the network asks for nothing."""


def searches(query: Query, connector: Connector, *, name: str) -> Searches:
    """Return what to ask a connector so that it finds all that a query wants, and more.

    Finds are filed under ``name``; of several questions each has a number after it, and whoever
    sifts the finds takes it away (see ``query_of``).
    """
    if not _may_be_on(query.node, connector.network):
        return Searches(refusal=_("The query leaves this network out."))
    ways = _ways(query.node)
    if ways is None:
        return Searches(
            refusal=_(
                "No network can be asked for this query: it has no word of at least one way to be "
                "caught that must be there. Add one."
            )
        )
    written, limits = _written(ways, connector.syntax)
    try:
        asks = [connector.search(words, name=name) for words in written]
    except SearchError as error:
        return Searches(refusal=error.words)
    numbered = [
        replace(ask, subject=replace(ask.subject, subject=numbered_name(name, number)))
        for number, ask in enumerate(asks)
    ]
    return Searches(asks=tuple(numbered), limits=tuple(limits))


def numbered_name(name: str, number: int) -> str:
    """Return what the finds of one of several questions are filed under at first."""
    return f"{name} {number + 1}"


def query_of(subject: str) -> str:
    """Return the name of the query that put a question."""
    return subject.rpartition(" ")[0]


def before_labels(query: Query) -> Query | None:
    """Return the query that sifts what is not labelled yet; none: everything may be wanted."""
    node = _loosened(query.node, is_wanted=True)
    return None if node is None else Query(node)


# ── ways to be caught ─────────────────────────────────────────────────────────────────


def _ways(node: Node) -> list[Way] | None:
    """Return the ways in which a post can be caught; none: it need hold no word at all."""
    if isinstance(node, (Phrase, Tag)):
        return _plain(node)
    if isinstance(node, Exact):
        return [frozenset(_in_any_case(node))]
    if isinstance(node, Near):
        return _product([_ways(node.first), _ways(node.second)])
    if isinstance(node, AllOf):
        return _product([_ways(part) for part in node.parts])
    if isinstance(node, AnyOf):
        found = [_ways(part) for part in node.parts]
        known = [ways for ways in found if ways is not None]
        return _shortest(itertools.chain(*known)) if len(known) == len(found) else None
    return None


def _in_any_case(node: Exact) -> Iterator[Phrase]:
    for written in node.words:
        folded = tuple(words_of(written))
        if folded and folded[0] not in ELIDED:
            yield Phrase(folded, (written,) if len(folded) == 1 else ())


def _plain(term: Term) -> list[Way] | None:
    """Return what of a term a network can look for: it knows no wildcards."""
    if isinstance(term, Tag):
        return None if is_wild((term.pattern,)) else [frozenset({term})]
    if not is_wild(term.patterns):
        return [frozenset({term})]
    typed = term.spelt if len(term.spelt) == len(term.patterns) else term.patterns
    whole = [
        Phrase((pattern,), (as_typed,))
        for pattern, as_typed in zip(term.patterns, typed, strict=True)
        if not is_wild((pattern,))
    ]
    return [frozenset(whole)] if whole else None


def _product(factors: Sequence[list[Way] | None]) -> list[Way] | None:
    """Combine each way of one with each of the others, unless that is too many."""
    found: list[Way] | None = None
    for ways in factors:
        if ways is None:
            continue
        if found is None:
            found = ways
        elif len(found) * len(ways) > MOST_COMBINATIONS:
            found = min(found, ways, key=len)
        else:
            found = _shortest(one | other for one in found for other in ways)
    return found


def _shortest(ways: Iterable[Way]) -> list[Way]:
    """Leave out ways that another one covers."""
    every = list(dict.fromkeys(ways))
    return [way for way in every if not any(other < way for other in every)]


def _may_be_on(node: Node, network: str) -> bool:
    parts = node.parts if isinstance(node, AllOf) else (node,)
    named = [part for part in parts if isinstance(part, Field) and part.name == "network"]
    return all(network in part.values for part in named)


# ── in a network's own words ──────────────────────────────────────────────────────────


def _written(ways: Sequence[Way], syntax: Syntax) -> tuple[list[str], list[Words]]:
    asked = list(dict.fromkeys(said for way in ways for said in _spellings(way, syntax)))
    questions = (
        [" ".join(terms) for terms in asked]
        if syntax.either is None
        else _joined(asked, syntax.either, syntax.most_letters)
    )
    if len(questions) <= MOST_SEARCHES:
        return questions, []
    limit = _(
        "This network would have to be asked {count} questions. It is asked the first {most}, so "
        "it will not find everything: make two queries of it.",
        count=len(questions),
        most=MOST_SEARCHES,
    )
    return questions[:MOST_SEARCHES], [limit]


def _spellings(way: Way, syntax: Syntax) -> list[tuple[str, ...]]:
    """Return the terms of a way as the network understands them, the rarest first.

    Where accents matter to it, as they were typed and without any. What it has no room for is
    left to the sifting.
    """
    terms = sorted(way, key=_rareness, reverse=True)
    kept = terms if syntax.joins_words else terms[:1]
    found = []
    for is_plain in (False,) if syntax.folds_accents else (False, True):
        said = [_said(term, syntax, is_plain=is_plain) for term in kept]
        while len(said) > 1 and len(" ".join(said)) > syntax.most_letters - len("()"):
            said.pop()
        found.append(tuple(said))
    return found


def _rareness(term: Term) -> tuple[int, str]:
    """Long words and phrases are rarer: of several, they are asked for first."""
    text = term.pattern if isinstance(term, Tag) else "".join(term.patterns)
    return len(text), text


def _said(term: Term, syntax: Syntax, *, is_plain: bool) -> str:
    if isinstance(term, Tag):
        name = term.pattern if is_plain and term.mark == TAG else term.spelt or term.pattern
        return f"{term.mark}{name}"
    words = term.spelt if len(term.spelt) == len(term.patterns) and not is_plain else term.patterns
    if len(words) == 1:
        return words[0]
    if syntax.has_phrases:
        return f'"{" ".join(words)}"'
    return " ".join(words) if syntax.joins_words else max(words, key=len)


def _joined(asked: Sequence[tuple[str, ...]], either: str, most: int) -> list[str]:
    """Join as many as fit into one question."""
    found: list[str] = []
    for terms in asked:
        part = f"({' '.join(terms)})" if len(terms) > 1 else terms[0]
        longer = f"{found[-1]}{either}{part}" if found else part
        if found and len(longer) <= most:
            found[-1] = longer
        else:
            found.append(part)
    return found


# ── sifting before labels are known ───────────────────────────────────────────────────


def _loosened(node: Node, *, is_wanted: bool) -> Node | None:
    """Leave out what labels must tell; none: then nothing is left that could exclude a post.

    Under a negation the same leaves out nothing: what may be excluded later is not excluded now.
    """
    if isinstance(node, Field) and node.name in LABELLED:
        return None
    if isinstance(node, (AllOf, AnyOf)):
        parts = [_loosened(part, is_wanted=is_wanted) for part in node.parts]
        known = [part for part in parts if part is not None]
        needs_every = isinstance(node, AnyOf) is is_wanted
        if not known or (needs_every and len(known) < len(parts)):
            return None
        return all_of(*known) if isinstance(node, AllOf) else AnyOf(tuple(known))
    return _excluding(node, is_wanted=is_wanted)


def _excluding(node: Node, *, is_wanted: bool) -> Node | None:
    if not isinstance(node, Not):
        return node
    inner = _loosened(node.part, is_wanted=not is_wanted)
    return None if inner is None else Not(inner)
