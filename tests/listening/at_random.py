"""Random texts and random queries about them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from tests.listening.slow_and_obvious import CHUNKS, Text
from vigie.listening.query_nodes import (
    AnyOf,
    Exact,
    Field,
    Link,
    Near,
    Node,
    Not,
    Phrase,
    Tag,
    all_of,
    any_of,
)

ACCOUNTS = ("bluesky:northfield.example", "bluesky:southbridge.example", "youtube:UCabc")
WORDS = (
    "inscription", "inscriptions", "inscri*", "*ription", "in*ion", "inscription?", "ecole",
    "coeur", "strasse", "aujourd", "hui", "porte", "parole", "paris", "paris8", "8", "par?s",
    "rentree", "rentreeparis8", "univparis8", "univ", "大", "学", "a", "absent",
)  # fmt: skip
VALUES = {
    "lang": ("fr", "en", "unknown"),
    "network": ("bluesky", "x"),
    "kind": ("reply", "image"),
    "tone": ("negative", "positive"),
    "intent": ("question", "complaint"),
    "service": ("library", "it"),
    "urgency": ("safety", "deadline"),
    "from": ("northfield.example", "Northfield.example", "youtube:UCabc", "p1"),
    "to": ("northfield.example", "bluesky:southbridge.example", "UCabc"),
    "about": ("northfield", "southbridge.example", "student housing"),
    "has": ("link", "image"),
    "is": ("own", "reply", "repost"),
    "since": ("2026-09-01", "2026-09-15"),
    "until": ("2026-09-01", "2026-09-15"),
}
SINGLE = ("since", "until")

maybe = st.sampled_from([True, False, None])


def some(*values: str) -> st.SearchStrategy[list[str] | None]:
    """Return lists of these, or nothing known."""
    return st.none() | st.lists(st.sampled_from(values), unique=True)


known = st.fixed_dictionaries(
    {
        "network": st.sampled_from(VALUES["network"]),
        "origin": st.sampled_from(["own", "others"]),
        "subjects": some(*ACCOUNTS, "student housing"),
        "institutions": some("northfield", "southbridge"),
        "entities": some("northfield", "eastmere"),
        "kind": st.sampled_from([None, *VALUES["kind"]]),
        "author": st.sampled_from([*ACCOUNTS, "p1"]),
        "published_on": st.sampled_from([date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 16)]),
        "url": st.sampled_from([None, "https://Net.example/p/1", "https://up8.example/x"]),
        "language": st.sampled_from([None, "fr", "en"]),
        "is_reply": maybe,
        "is_repost": maybe,
        "has_link": maybe,
        "has_image": maybe,
        "intents": some(*VALUES["intent"]),
        "services": some(*VALUES["service"]),
        "tone": st.sampled_from([None, *VALUES["tone"]]),
        "urgency": some(*VALUES["urgency"]),
    }
)
chunks = st.none() | st.lists(st.sampled_from(CHUNKS), max_size=9).map(tuple)
texts = st.builds(Text, chunks, known)

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(
    lambda patterns: Phrase(tuple(patterns))
)


def _near(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    choice = st.lists(inner, min_size=2, max_size=3).map(lambda parts: any_of(*parts))
    placed = inner | choice
    return st.builds(Near, placed, placed, st.integers(0, 4), st.booleans())


def _field(name: str) -> st.SearchStrategy[Node]:
    most = 1 if name in SINGLE else 2
    values = st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=most, unique=True)
    return values.map(lambda found: Field(name, tuple(found)))


near = st.recursive(words, _near, max_leaves=4)
leaves = st.one_of(
    words,
    near,
    st.sampled_from(list(VALUES)).flatmap(_field),
    st.sampled_from(
        [Tag("#", "paris8"), Tag("#", "*paris8"), Tag("@", "univparis8"), Tag("@", "univ*"),
         Link("up8.example"), Link("net.example/p"), Exact(("école",)), Exact(("Inscription",)),
         Exact(("porte", "parole")), Exact(("RentréeParis8",)),
         Exact(("l", "inscription"))]
    ),
)  # fmt: skip


def _joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda parts: all_of(*parts)),
        several.map(lambda parts: any_of(*parts)),
        inner.filter(lambda part: not isinstance(part, Not)).map(Not),
    )


queries = st.recursive(leaves, _joined, max_leaves=6)

__all__ = ["AnyOf", "queries", "texts"]
