"""Writes figures, dates and ranks as a reader of French or English expects them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.numbers import get_decimal_symbol, get_group_symbol

from vigie.present.document import Cell, Column, Figure, Interval, Link, Said
from vigie.words import Words, _, locale_of, plural, say
from vigie.words import day as day
from vigie.words import moment as moment

UNKNOWN = _("unknown")
MINUS = "\u2212"
NARROW = "\u202f"
"""Narrow no-break space: French puts it before the percent sign and between thousands."""
DASH = "\u2013"


@cache
def _symbols(language: str) -> tuple[str, str]:
    return get_group_symbol(language), get_decimal_symbol(language)


def number(value: float, language: str, *, decimals: int = 0, sign: bool = False) -> str:
    """Write a figure; ``sign`` puts a plus before what grew."""
    if not math.isfinite(value):
        return say(UNKNOWN, language)
    group, point = _symbols(language)
    text = f"{abs(value):,.{decimals}f}".replace(",", "\0").replace(".", point)
    text = text.replace("\0", group)
    if value < 0 and float(f"{value:.{decimals}f}") != 0:
        return MINUS + text
    return "+" + text if sign and value > 0 else text


def percent(value: float, language: str, *, decimals: int = 0, sign: bool = False) -> str:
    """Write a share: 0.12 is 12 %."""
    text = number(value * 100, language, decimals=decimals, sign=sign)
    return f"{text}{NARROW}%" if language == "fr" else f"{text}%"


def chance(value: float, language: str) -> str:
    """Write a probability; what is almost sure is not written as sure."""
    if 0.995 <= value < 1:
        return say(_("over {share}", share=Percent(0.99)), language)
    if 0 < value < 0.005:
        return say(_("under {share}", share=Percent(0.01)), language)
    return percent(value, language)


def rank(value: int, language: str) -> str:
    """Write a place: 7th, 7ᵉ."""
    if language == "fr":
        return f"{number(value, language)}{'ᵉʳ' if value == 1 else 'ᵉ'}"
    teen = value % 100 in (11, 12, 13)
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{number(value, language)}{ending}"


def month(value: date, language: str, *, short: bool = False) -> str:
    """Write a month: October 2026, octobre 2026."""
    return format_skeleton("yMMM" if short else "yMMMM", value, locale=locale_of(language))


def names(values: Sequence[str], language: str) -> str:
    """Write a list: a, b and c."""
    text: str = format_list(list(values), locale=locale_of(language))
    return text


@cache
def country(code: str, language: str) -> str:
    """Write the name of a country from its two letters."""
    return str(Locale(language).territories.get(code.upper(), code.upper()))


@dataclass(frozen=True)
class Rank:
    """A place inside a sentence."""

    value: int

    def spoken(self, language: str) -> str:
        """Say it."""
        return rank(self.value, language)


@dataclass(frozen=True)
class Percent:
    """A share inside a sentence: 0.12 is 12 %."""

    value: float
    decimals: int = 0
    sign: bool = False

    def spoken(self, language: str) -> str:
        """Say it."""
        return percent(self.value, language, decimals=self.decimals, sign=self.sign)


@dataclass(frozen=True)
class Chance:
    """A probability inside a sentence."""

    value: float

    def spoken(self, language: str) -> str:
        """Say it."""
        return chance(self.value, language)


@dataclass(frozen=True)
class Number:
    """A figure inside a sentence, with its decimals."""

    value: float
    decimals: int = 0
    sign: bool = False

    def spoken(self, language: str) -> str:
        """Say it."""
        return number(self.value, language, decimals=self.decimals, sign=self.sign)


@dataclass(frozen=True)
class Rounded:
    """A large figure inside a sentence, as one says it: 1.0 million."""

    value: float

    def spoken(self, language: str) -> str:
        """Say it."""
        if abs(self.value) < 999_500:
            return number(self.value, language)
        if abs(self.value) < 999_950_000:
            shown, count = Number(self.value / 1e6, 1), int(abs(self.value) / 1e6)
            return say(
                plural("{number} million", "{number} million", count=count, number=shown), language
            )
        shown, count = Number(self.value / 1e9, 1), int(abs(self.value) / 1e9)
        return say(
            plural("{number} billion", "{number} billion", count=count, number=shown), language
        )


@dataclass(frozen=True)
class Month:
    """A month inside a sentence."""

    value: date

    def spoken(self, language: str) -> str:
        """Say it."""
        return month(self.value, language)


@dataclass(frozen=True)
class Day:
    """A day inside a sentence."""

    value: date

    def spoken(self, language: str) -> str:
        """Say it."""
        return day(self.value, language)


@dataclass(frozen=True)
class Moment:
    """A moment inside a sentence, to the minute."""

    value: datetime

    def spoken(self, language: str) -> str:
        """Say it."""
        return moment(self.value, language)


@dataclass(frozen=True)
class Country:
    """A country inside a sentence."""

    code: str

    def spoken(self, language: str) -> str:
        """Say it."""
        return country(self.code, language)


@dataclass(frozen=True)
class Names:
    """Several names inside a sentence: a, b and c."""

    values: tuple[str | Words, ...]

    def spoken(self, language: str) -> str:
        """Say them."""
        return names([say(value, language) for value in self.values], language)


@dataclass(frozen=True)
class _Sentences:
    sentences: tuple[Words | str, ...]

    def spoken(self, language: str) -> str:
        return " ".join(say(sentence, language) for sentence in self.sentences)


def together(*sentences: Words | str) -> Words:
    """Return whole sentences, each translated by itself, as one paragraph."""
    return Words("{sentences}", {"sentences": _Sentences(sentences)})


_KINDS: dict[str, Callable[[float, str, int], str]] = {
    "integer": lambda value, language, _decimals: number(value, language),
    "decimal": lambda value, language, decimals: number(value, language, decimals=decimals),
    "percent": lambda value, language, decimals: percent(value, language, decimals=decimals),
    "chance": lambda value, language, _decimals: chance(value, language),
    "rank": lambda value, language, _decimals: rank(int(value), language),
    "change": lambda value, language, _decimals: number(value, language, sign=True),
}


def cell(value: Cell, column: Column, language: str) -> str:
    """Write one cell of a column as text."""
    if value is None:
        return say(UNKNOWN, language)
    if isinstance(value, (str, Words)):
        return say(value, language)
    if isinstance(value, Link):
        return say(value.text, language)
    if isinstance(value, Interval):
        return interval(value, column, language)
    if isinstance(value, bool):
        return say(_("yes") if value else _("no"), language)
    if isinstance(value, (datetime, date)):
        return _moment_or_day(value, column.kind, language)
    return _figure(value, column, language)


def interval(value: Interval, column: Column, language: str) -> str:
    """Write a figure and its ends: 7th (between 4th and 12th)."""
    ends = interval_ends(value, column, language)
    if value.value is None:
        return ends or say(UNKNOWN, language)
    figure = _figure(value.value, column, language)
    return f"{figure} ({ends})" if ends else figure


def interval_ends(value: Interval, column: Column, language: str) -> str:
    """Write the ends only, or nothing when the count is exact; an unknown end is open."""
    low, high = (
        None if end is None else _figure(end, column, language) for end in (value.low, value.high)
    )
    if low is None or high is None:
        return _open_end(low, high, language)
    if column.kind == "rank":  # French says *entre le 4ᵉ et le 12ᵉ*: another sentence
        return say(_("between {best} and {worst}", best=low, worst=high), language)
    return say(_("between {low} and {high}", low=low, high=high), language)


def _open_end(low: str | None, high: str | None, language: str) -> str:
    if low is not None:
        return say(_("{low} or more", low=low), language)
    return say(_("{high} or less", high=high), language) if high is not None else ""


def figure_column(item: Figure) -> Column:
    """Return the column a key figure would stand in: it is written the same."""
    return Column(key="value", label=item.label, kind=item.kind, decimals=item.decimals)


def figure_lines(item: Figure, language: str) -> list[str]:
    """Return what stands under a key figure: its interval, its n, its freshness, its note."""
    column = figure_column(item)
    lines: list[str] = []
    ends = interval_ends(Interval(value=None, low=item.low, high=item.high), column, language)
    if ends:
        lines.append(ends)
    if item.n is not None:
        lines.append(f"n = {number(item.n, language)}")
    if item.note:
        lines.append(say(item.note, language))
    if item.seen_at is not None:
        lines.append(say(_("as of {day}", day=Day(item.seen_at.date())), language))
    return lines


def source_text(source: Said | Link, language: str) -> str:
    """Write a source where it cannot be clicked: its words, then its address."""
    if isinstance(source, Link):
        return f"{say(source.text, language)} ({source.href})"
    return say(source, language)


def _figure(value: float, column: Column, language: str) -> str:
    if not math.isfinite(value):
        return say(UNKNOWN, language)
    decimals = column.decimals if column.kind in ("decimal", "percent") else 0
    if column.kind == "text" and isinstance(value, float) and not value.is_integer():
        return number(value, language, decimals=column.decimals)
    return _KINDS.get(column.kind, _KINDS["integer"])(value, language, decimals)


def _moment_or_day(value: datetime | date, kind: str, language: str) -> str:
    if kind == "month":
        return month(value, language)
    if isinstance(value, datetime):
        return day(value.date(), language) if kind == "date" else moment(value, language)
    return day(value, language)
