"""One thing a new look says otherwise: an item of a difference, that stands by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

from vigie.model import Account, Enrolment, Institution, Record

R = TypeVar("R", bound=Record)

Fact = str | date | tuple[str, ...] | None

KINDS = (
    "new", "reopened", "renamed", "changed", "students", "account_gone", "account_moved",
    "account_changed", "account_new", "conflict", "merged", "closed", "ambiguous",
)  # fmt: skip
"""Kinds of items, in the order in which they are applied."""

QUESTIONS = frozenset({"conflict", "ambiguous"})
"""Kinds that nobody can accept without looking: they are applied only when named."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One difference: accepted or rejected alone."""

    kind: str
    institution: str
    """Slug of the institution it is about, in the register."""
    name: str
    """What people call it."""
    evidence: str | None = None
    """What tells that it is the same institution in both looks."""
    field: str | None = None
    old: Fact = None
    new: Fact = None
    record: Institution | None = None
    accounts: tuple[Account, ...] = ()
    replaced: tuple[Account, ...] = ()
    """The accounts as the register has them."""
    enrolments: tuple[Enrolment, ...] = ()
    corrected: tuple[Enrolment, ...] = ()
    """What the register says of the same years."""
    other: str | None = None
    """Slug of the other institution: that it went into, that has the account."""
    other_name: str | None = None
    day: date | None = None

    @property
    def id(self) -> str:
        """Tell this item from all others; the same difference has the same id every time."""
        return id_of(to_json(self))

    @property
    def is_question(self) -> bool:
        """Whether a person must decide."""
        return self.kind in QUESTIONS


def id_of(content: Mapping[str, object]) -> str:
    """Return the id of an item from its JSON."""
    # The day is when somebody looked: the same question on another day is the same question.
    asked = {name: value for name, value in content.items() if name != "day"}
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_json(item: Item) -> dict[str, object]:
    """Return an item as JSON may hold it; what is unknown or empty is left out."""
    return {name: _plain(value) for name, value in asdict(item).items() if value not in (None, ())}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items() if inner not in (None, (), [])}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    return value


def from_json(found: Mapping[str, object]) -> Item:
    """Return the item that ``to_json`` wrote."""
    given = dict(found)
    for name, record in (
        ("accounts", Account), ("replaced", Account),
        ("enrolments", Enrolment), ("corrected", Enrolment),
    ):  # fmt: skip
        given[name] = tuple(_record(record, entry) for entry in _list(given.get(name)))
    if isinstance(given.get("record"), Mapping):
        given["record"] = _record(Institution, given["record"])
    if isinstance(given.get("day"), str):
        given["day"] = date.fromisoformat(str(given["day"]))
    for name in ("old", "new"):
        given[name] = _fact(str(given.get("field")), given.get(name))
    return Item(**given)  # type: ignore[arg-type]  # the inverse of to_json, shown by a test


def _list(value: object) -> list[Mapping[str, object]]:
    return value if isinstance(value, list) else []


def _record(cls: Callable[..., R], found: object) -> R:
    given = dict(found) if isinstance(found, Mapping) else {}
    for name, value in given.items():
        if isinstance(value, list):
            given[name] = tuple(map(str, value))
        elif isinstance(value, str) and name.endswith("_on"):
            # The records of a register name their days so.
            given[name] = date.fromisoformat(value)
    return cls(**given)


def _fact(name: str, value: object) -> Fact:
    if name in {"aliases", "other_uais"}:
        return tuple(map(str, value)) if isinstance(value, list) else ()
    if isinstance(value, str) and name in {"opened_on", "closed_on"}:
        return date.fromisoformat(value)
    return None if value is None else str(value)
