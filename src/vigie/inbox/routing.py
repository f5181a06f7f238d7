"""Where a conversation goes: rules a person can read, in order, tried on the past first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from vigie.errors import InboxError
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a conversation when it arrives: all that a rule may ask about."""

    channel: str
    box: str
    network: str
    kind: str
    is_public: bool
    language: str = ""
    intents: tuple[str, ...] = ()
    offices: tuple[tuple[str, float], ...] = ()
    """The kinds of office the classifier thinks of, the surest first, with its certainty."""
    urgency: str = "normal"
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing that must hold: a field has one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """If all of these hold, the conversation goes to that service."""

    rule: int
    name: str
    conditions: tuple[Condition, ...]
    service: int
    urgency: str = ""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What rules would have done with conversations that people sent somewhere."""

    total: int
    """Conversations that a rule would have sent somewhere."""
    agreed: int
    """Those that people sent to the same service."""
    elsewhere: tuple[int, ...] = ()
    """Keys of those that people sent to another one."""
    untouched: int = 0
    """Those that no rule would have touched."""


LABELS: Mapping[str, Words] = {
    "intent": _("the intent is"),
    "office": _("it is a matter for"),
    "channel": _("it came by"),
    "box": _("it came to"),
    "kind": _("it is a"),
    "network": _("the network is"),
    "language": _("the language is"),
    "urgency": _("the urgency is"),
    "place": _("it was written"),
    "words": _("it says"),
}
"""Each field a rule may ask about, as the beginning of a sentence."""

READS: Mapping[str, Callable[[Facts], Iterable[str]]] = {
    "intent": lambda facts: facts.intents,
    "office": lambda facts: (name for name, _certainty in facts.offices[:1]),
    "channel": lambda facts: (facts.channel,),
    "box": lambda facts: (facts.box,),
    "kind": lambda facts: (facts.kind,),
    "network": lambda facts: (facts.network,),
    "language": lambda facts: (facts.language,),
    "urgency": lambda facts: (facts.urgency,),
    "place": lambda facts: ("in public" if facts.is_public else "in private",),
}


WORD = re.compile(r"[^\W_]+")


def understood(conditions: Sequence[Mapping[str, object]]) -> tuple[Condition, ...]:
    """Read the conditions of a rule as they are kept; refuse what no rule may ask."""
    found = []
    for one in conditions:
        name, values = str(one.get("field", "")), one.get("is")
        if name not in LABELS:
            raise InboxError(
                _("A rule cannot ask about {field}. It can ask about: {fields}.",
                  field=name, fields=", ".join(LABELS))
            )  # fmt: skip
        if not isinstance(values, list) or not values or not all(str(v).strip() for v in values):
            raise InboxError(_("A rule must say which values of {field} it means.", field=name))
        found.append(Condition(field=name, values=tuple(str(value).strip() for value in values)))
    if not found:
        raise InboxError(_("A rule without a condition would take everything. Add one."))
    return tuple(found)


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether every condition of a rule holds."""
    return all(_holds(condition, facts) for condition in rule.conditions)


def _holds(condition: Condition, facts: Facts) -> bool:
    if condition.field == "words":
        text = folded(facts.words)
        return any(f" {folded(value).strip()} " in text for value in condition.values)
    return not set(condition.values).isdisjoint(READS[condition.field](facts))


def first_fitting(rules: Iterable[Rule], facts: Facts) -> Rule | None:
    """Return the first rule, in their order, that fits."""
    return next((rule for rule in rules if fits(rule, facts)), None)


@dataclass(frozen=True, kw_only=True)
class Past:
    """A conversation of the past, and where people sent it."""

    conversation: int
    facts: Facts
    service: int = field()


def taken_by(rule: Rule, rules: Sequence[Rule], past: Iterable[Past]) -> list[Past]:
    """Return what one rule would have taken in its place: what those before it left."""
    return [one for one in past if first_fitting(rules, one.facts) == rule]


def tried(rules: Sequence[Rule], past: Iterable[Past]) -> Trial:
    """Say what rules would have done: *41 of 44 would have gone where people sent them*."""
    agreed, untouched, elsewhere = 0, 0, []
    for one in past:
        rule = first_fitting(rules, one.facts)
        if rule is None:
            untouched += 1
        elif rule.service == one.service:
            agreed += 1
        else:
            elsewhere.append(one.conversation)
    return Trial(
        total=agreed + len(elsewhere),
        agreed=agreed,
        elsewhere=tuple(elsewhere),
        untouched=untouched,
    )


def folded(text: str) -> str:
    """Return the words of a text without case, accents and signs, each between two spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(filterfalse(unicodedata.combining, plain))
    return " " + " ".join(WORD.findall(letters)) + " "
