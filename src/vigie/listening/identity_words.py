"""The sentences about who an institution is, as its president reads them."""

from __future__ import annotations

from vigie.listening.identifiability import N
from vigie.listening.identity import FEW_PEERS, LEAST_PEERS
from vigie.listening.perception import LEAST_AUTHORS, LEAST_MENTIONS
from vigie.model import Identity
from vigie.present.writing import Month, Names, Percent, together
from vigie.words import Words, _, plural

GUESSING = 0.5
TEN = 10

METHOD = (
    _(
        "A machine reads 250 posts of the institution and 250 of its peers, in equal parts, from "
        "one half of two years, and is examined on the other half, twenty times. Names, cities, "
        "handles and signature hashtags are taken out first. Five times of ten is guessing."
    ),
    _(
        "A word is a speciality when the institution uses it more than its peers in each half: "
        "what appears in one half only is a campaign."
    ),
    _(
        "None of this proves that readers understand who you are: only asking them does. Show "
        "twenty posts without names to students, and let them guess."
    ),
)
STATES = {
    "through": _("comes through"),
    "alike": _("said, but no more than by the peers"),
    "silent": _("not said"),
}


def times(value: float) -> Words:
    """Say a chance as so many times of ten; one between two is said as either."""
    low, between = divmod(round(value * TEN * 2), 2)
    if between:
        return _("{low} or {high} times of 10", low=low, high=low + 1)
    return _("{count} times of 10", count=low)


def title(name: str, found: Identity) -> Words:
    """Say how far it can be told, or ask it where nobody knows."""
    if found.value is None:
        return _("Can {name} be told from its peers?", name=name)
    if found.low is not None and found.low <= GUESSING:
        return _("Without its name, {name} cannot be told from its peers", name=name)
    return _(
        "Without its name, a reader would tell a post of {name} from one of its peers {times}",
        name=name,
        times=times(found.value),
    )


def lead(found: Identity) -> Words:
    """Say what the name adds, and of what it is made."""
    made = _(
        "{posts} posts from {first} to {last}, beside those of {peers} peers of the same kind and "
        "language.",
        posts=found.posts,
        first=Month(found.first_on),
        last=Month(found.month_on),
        peers=len(found.peers),
    )
    if found.posted is None or found.value is None:
        return made
    return together(
        _(
            "With names and signature hashtags left in: {times}. Five would be guessing.",
            times=times(found.posted),
        ),
        made,
    )


def missing(found: Identity) -> Words | None:
    """Say why there is no figure; none: there is one."""
    if found.missing is None:
        return None
    if found.missing == FEW_PEERS:
        return _(
            "Too few peers of the same kind write in the same language: {least} are needed, with "
            "{posts} posts together.",
            least=LEAST_PEERS,
            posts=N,
        )
    return plural(
        "{count} different post of two years could be read: below {least} nothing is said.",
        "{count} different posts of two years could be read: below {least} nothing is said.",
        count=found.posts,
        least=N,
    )


def heard(found: Identity, terms: tuple[str, ...]) -> Words:
    """Say whether the public uses its words."""
    if found.terms_sought is None:
        return _(
            "Nobody can tell yet: {least} mentions are needed in the two years, and some "
            "speciality.",
            least=LEAST_MENTIONS,
        )
    share = Percent(len(terms) / found.terms_sought if found.terms_sought else 0)
    told = _(
        "Of its {sought} most distinctive terms, its public uses {heard} ({share}) in {mentions} "
        "mentions; {chance} would be used as much of any peer.",
        sought=found.terms_sought,
        heard=len(terms),
        share=share,
        mentions=found.mentions or 0,
        chance=found.terms_by_chance or 0,
    )
    if not terms:
        return told
    by = _("Used by {least} people at least: {terms}.", least=LEAST_AUTHORS, terms=Names(terms))
    return together(told, by)
