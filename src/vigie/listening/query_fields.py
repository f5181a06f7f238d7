"""The fields of a query: what may be asked of a post beside its words, and how it is told."""

from __future__ import annotations

import calendar
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from vigie.listening.folding import small
from vigie.words import Words, _

Row = Mapping[str, Any]
"""A row of ``texts``: what is unknown in it is ``None``."""

INTENTS = ("question", "complaint", "praise", "belonging", "information", "other")
TONES = ("negative", "neutral", "positive")
SERVICES = (
    "admissions", "registry", "teaching", "library", "it", "housing", "finance", "international",
    "careers", "health", "student_life", "communication",
)  # fmt: skip
URGENCIES = (
    "self_harm", "violence", "harassment", "safety", "data_leak", "destitution", "deadline",
)  # fmt: skip
KINDS = (
    "text", "image", "carousel", "video", "link", "audio", "poll", "story", "reply", "mention",
    "quote", "tag", "review", "found",
)  # fmt: skip
UNKNOWN = "unknown"
_BETWEEN = "\n"


@dataclass(frozen=True, kw_only=True)
class FieldKind(ABC):
    """One field: how its value is read, and which posts have it. Unknown is *has it not*."""

    about: Words
    """What it asks, for the language's page."""
    example: str
    values: tuple[str, ...] = ()
    """All there are; none: any."""
    takes_many: bool = True

    @abstractmethod
    def reads(self, value: str) -> tuple[str, ...]:
        """Return the columns of ``texts`` that tell it."""

    def read(self, value: str) -> str | None:
        """Return a value as it is compared; none: it cannot be one."""
        written = small(value)
        return written if not self.values or written in self.values else None

    @abstractmethod
    def has(self, row: Row, value: str) -> bool:
        """Tell whether a post has this value."""

    @abstractmethod
    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        """Return the same as an expression; it may be unknown."""


@dataclass(frozen=True, kw_only=True)
class Equal(FieldKind):
    """A column holds the value."""

    column: str

    def reads(self, value: str) -> tuple[str, ...]:
        return (self.column,)

    def has(self, row: Row, value: str) -> bool:
        return bool(row[self.column] == value)

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        return texts[self.column] == value


@dataclass(frozen=True, kw_only=True)
class Among(FieldKind):
    """One of several columns that hold lists has the value."""

    columns: tuple[str, ...]

    def reads(self, value: str) -> tuple[str, ...]:
        return self.columns

    def has(self, row: Row, value: str) -> bool:
        return any(value in (row[column] or ()) for column in self.columns)

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        tests = [texts[column].contains(value).fill_null(False) for column in self.columns]
        return ibis.or_(*tests)


@dataclass(frozen=True, kw_only=True)
class Language(Equal):
    """A column holds the code of a language; ``unknown``: nobody could tell it."""

    def read(self, value: str) -> str | None:
        written = small(value)
        return written if written == UNKNOWN or re.fullmatch("[a-z]{2,3}", written) else None

    def has(self, row: Row, value: str) -> bool:
        return row[self.column] is None if value == UNKNOWN else super().has(row, value)

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        if value == UNKNOWN:
            return texts[self.column].isnull()
        return super().condition(texts, value)


@dataclass(frozen=True, kw_only=True)
class Told(FieldKind):
    """Each value is a column that holds yes or no."""

    columns: Mapping[str, str]

    def reads(self, value: str) -> tuple[str, ...]:
        return (self.columns[value],)

    def has(self, row: Row, value: str) -> bool:
        return row[self.columns[value]] is True

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        return texts[self.columns[value]]


@dataclass(frozen=True, kw_only=True)
class Origin(Told):
    """As ``Told``, and whether a post is an account's own."""

    def reads(self, value: str) -> tuple[str, ...]:
        return ("origin",) if value == "own" else super().reads(value)

    def has(self, row: Row, value: str) -> bool:
        return row["origin"] == "own" if value == "own" else super().has(row, value)

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        return texts.origin == "own" if value == "own" else super().condition(texts, value)


@dataclass(frozen=True, kw_only=True)
class Author(FieldKind):
    """Who wrote it: an account under study, by key or handle, or a pseudonym."""

    def reads(self, value: str) -> tuple[str, ...]:
        return ("author",)

    def read(self, value: str) -> str | None:
        return value.removeprefix("@") or None

    def has(self, row: Row, value: str) -> bool:
        author = row["author"] or ""
        return any(author == one or author.endswith(f":{one}") for one in _spellings(value))

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        author = texts.author
        tests = [(author == one) | author.endswith(f":{one}") for one in _spellings(value)]
        return ibis.or_(*tests)


@dataclass(frozen=True, kw_only=True)
class Addressed(Author):
    """Whom it concerns, beside its author: an account under study, by key or handle."""

    def reads(self, value: str) -> tuple[str, ...]:
        return ("subjects", "author")

    def has(self, row: Row, value: str) -> bool:
        subjects = [one for one in row["subjects"] or () if one != row["author"]]
        return any(
            subject == one or subject.endswith(f":{one}")
            for subject in subjects
            for one in _spellings(value)
        )

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        listed = _listed(texts.subjects)
        itself = ibis.literal(_BETWEEN).concat(texts.author, _BETWEEN)
        others = listed.replace(itself, _BETWEEN)
        return _holds(others, value)


@dataclass(frozen=True, kw_only=True)
class Concerned(FieldKind):
    """Whom it is about: an institution, an account or a query, asked or recognised."""

    def reads(self, value: str) -> tuple[str, ...]:
        return ("subjects", "institutions", "entities")

    def read(self, value: str) -> str | None:
        return value.removeprefix("@") or None

    def has(self, row: Row, value: str) -> bool:
        known = [*(row["subjects"] or ()), *(row["institutions"] or ()), *(row["entities"] or ())]
        return any(
            name == one or name.endswith(f":{one}") for name in known for one in _spellings(value)
        )

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        tests = [
            _holds(_listed(texts[column]), value).fill_null(False)
            for column in ("subjects", "institutions", "entities")
        ]
        return ibis.or_(*tests)


@dataclass(frozen=True, kw_only=True)
class Day(FieldKind):
    """When it was published: a day, a month or a year, from its first day or to its last."""

    is_last: bool

    def reads(self, value: str) -> tuple[str, ...]:
        return ("published_on",)

    def read(self, value: str) -> str | None:
        found = _day(value, is_last=self.is_last)
        return None if found is None else found.isoformat()

    def has(self, row: Row, value: str) -> bool:
        day = date.fromisoformat(value)
        on: date | None = row["published_on"]
        if on is None:
            return False
        return on <= day if self.is_last else on >= day

    def condition(self, texts: ir.Table, value: str) -> ir.BooleanValue:
        day = ibis.literal(date.fromisoformat(value))
        return texts.published_on <= day if self.is_last else texts.published_on >= day


FIELDS: Mapping[str, FieldKind] = {
    "lang": Language(column="language",
                     about=_("The language it is written in; unknown: nobody could tell."),
                     example="fr,unknown"),
    "network": Equal(column="network", about=_("The network it was published on."),
                     example="bluesky,mastodon"),
    "from": Author(about=_("Who wrote it: an account of the register, or a pseudonym."),
                   example="northfield.example"),
    "to": Addressed(about=_("The account of the register it mentions or answers."),
                    example="northfield.example"),
    "about": Concerned(about=_("The institution, account or query it concerns."),
                       example="northfield"),
    "kind": Equal(column="kind", values=KINDS, about=_("What form it has."), example="reply,quote"),
    "intent": Among(columns=("intents",), values=INTENTS, about=_("What its author wants."),
                    example="question"),
    "service": Among(columns=("services",), values=SERVICES,
                     about=_("The office that should answer."), example="library"),
    "tone": Equal(column="tone", values=TONES, about=_("How it sounds."), example="negative"),
    "urgency": Among(columns=("urgency",), values=URGENCIES,
                     about=_("Why somebody should read it now."), example="safety"),
    "has": Told(columns={"link": "has_link", "image": "has_image"}, values=("link", "image"),
                about=_("What it shows."), example="link"),
    "is": Origin(columns={"reply": "is_reply", "repost": "is_repost"},
                 values=("own", "reply", "repost"),
                 about=_("Whether it is an account’s own post, a reply or a repost."),
                 example="reply"),
    "since": Day(is_last=False, takes_many=False, example="2026-09",
                 about=_("The first day, month or year in which it was published.")),
    "until": Day(is_last=True, takes_many=False, example="2026-12-31",
                 about=_("The last day, month or year in which it was published.")),
}  # fmt: skip
"""Every field that is told by columns. Those told by words (``hashtag``, ``raw``, ``url``) are
read into nodes of their own."""


def _spellings(value: str) -> Sequence[str]:
    """Handles are kept as their network folds them: mostly, but not always, in small letters."""
    return list(dict.fromkeys((value, small(value))))


def _listed(names: ir.ArrayValue) -> ir.StringValue:
    return ibis.literal(_BETWEEN).concat(names.join(_BETWEEN + _BETWEEN), _BETWEEN)


def _holds(listed: ir.StringValue, value: str) -> ir.BooleanValue:
    tests = [
        listed.contains(f"{before}{one}{_BETWEEN}")
        for one in _spellings(value)
        for before in (_BETWEEN, ":")
    ]
    return ibis.or_(*tests)


def _day(value: str, *, is_last: bool) -> date | None:
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", value, re.ASCII)
    if found is None:
        return None
    year = int(found[1])
    month = int(found[2] or (12 if is_last else 1))
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, int(found[3] or (last if is_last else 1)))
    except ValueError:
        return None
