"""Marks sentences for translation, says them in the reader's language, and keeps them unsaid."""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

LANGUAGES = ("fr", "en")
LOCALE_FOLDER = Path(__file__).parent / "locale"


@runtime_checkable
class Spoken(Protocol):
    """A fact that writes itself in the reader's language: a rank, a percentage, a month."""

    def spoken(self, language: str) -> str: ...


Value = str | int | float | date | datetime | Spoken | None


@dataclass(frozen=True)
class Words:
    """A sentence not yet said: its English text, and the facts it names as placeholders.

    ``str()`` says it in English, for logs and tests; ``say`` in the reader's language, with
    numbers and dates as that language writes them.
    """

    text: str
    facts: Mapping[str, Value | Words] = field(default_factory=lambda: MappingProxyType({}))
    plural: str | None = None
    """The sentence for several; ``facts["count"]`` decides."""

    def __str__(self) -> str:
        return say(self, "en")

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted(self.facts))))


def _(text: str, **facts: Value | Words) -> Words:
    """Mark a whole sentence for translation: ``_("{count} rows were refused.", count=3)``."""
    return Words(text, MappingProxyType(facts))


def marked(text: str) -> str:
    """Mark a sentence that must stay plain text until it is shown (a command's help)."""
    return text


def plural(one: str, many: str, *, count: int, **facts: Value | Words) -> Words:
    """Mark a sentence that changes with a count."""
    return Words(one, MappingProxyType({**facts, "count": count}), many)


@cache
def locale_of(language: str) -> Locale:
    """Return how a language writes: from its name alone, Babel looks for its file each time."""
    return Locale.parse(language)


def say(words: Words | str, language: str) -> str:
    """Return the sentence in ``fr`` or ``en``; plain text (a name) passes unchanged."""
    if isinstance(words, str):
        return words
    sentence = _translated(words, language)
    if not words.facts:
        return sentence
    return sentence.format_map({name: _shown(fact, language) for name, fact in words.facts.items()})


def _translated(words: Words, language: str) -> str:
    catalogue = _catalogue(language)
    if words.plural is None:
        return catalogue.gettext(words.text) if words.text else ""
    count = words.facts["count"]
    return catalogue.ngettext(words.text, words.plural, int(count) if isinstance(count, int) else 2)


def _shown(fact: Value | Words, language: str) -> str:
    if isinstance(fact, Words):
        return say(fact, language)
    if isinstance(fact, Spoken):
        return fact.spoken(language)
    if isinstance(fact, bool) or fact is None:
        return str(fact)
    if isinstance(fact, (int, float)):
        return format_decimal(fact, locale=locale_of(language))
    if isinstance(fact, datetime):
        return moment(fact, language)
    if isinstance(fact, date):
        return day(fact, language)
    return fact


def day(value: date, language: str) -> str:
    """Write a day: 2 October 2026, 2 octobre 2026, 1ᵉʳ octobre 2026."""
    if language == "fr" and value.day == 1:
        return "1ᵉʳ " + format_date(value, "MMMM y", locale=locale_of("fr"))
    return format_date(value, "d MMMM y", locale=locale_of(language))


def moment(value: datetime, language: str) -> str:
    """Write a moment to the minute, with UTC said when it is UTC."""
    clock = format_datetime(value, "HH:mm", locale=locale_of(language))
    zone = " UTC" if value.utcoffset() is not None and not value.utcoffset() else ""
    return f"{day(value.date(), language)}, {clock}{zone}"


@dataclass(frozen=True)
class InLanguages:
    """A fact as it was written in every language, since it can no longer be written anew."""

    by_language: Mapping[str, str]

    def spoken(self, language: str) -> str:
        return self.by_language.get(language) or self.by_language.get("en", "")


def kept(words: Words) -> str:
    """Return a sentence as text to be kept and said later, in whatever language is read then.

    One without facts is its English text; one with facts is JSON, facts beside it.
    """
    if not words.facts and words.plural is None:
        return _whole(words.text)
    return json.dumps(_as_json(words), ensure_ascii=False)


def unsaid(text: str) -> Words:
    """Return the sentence that was kept; any other text is a sentence without facts."""
    try:
        found = json.loads(text) if text.startswith("{") else None
    except (ValueError, RecursionError):
        found = None
    return _of_json(found) if isinstance(found, dict) and _is_sentence(found) else Words(text)


def _as_json(words: Words) -> dict[str, object]:
    facts = {name: _fact_as_json(fact) for name, fact in words.facts.items()}
    many = {} if words.plural is None else {"plural": words.plural}
    return {"text": _whole(words.text), **many, "facts": facts}


def _fact_as_json(fact: Value | Words) -> object:
    if isinstance(fact, Words):
        return _as_json(fact)
    if isinstance(fact, str):
        return _whole(fact)
    if isinstance(fact, datetime):
        return {"moment": fact.isoformat()}
    if isinstance(fact, date):
        return {"day": fact.isoformat()}
    if isinstance(fact, Spoken):
        return {language: fact.spoken(language) for language in LANGUAGES}
    return fact


def _is_sentence(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("text"), str) and isinstance(found.get("facts"), dict)


def _of_json(found: Mapping[str, Any]) -> Words:
    facts = {str(name): _fact_of_json(fact) for name, fact in found["facts"].items()}
    plural = found.get("plural")
    return Words(
        found["text"], MappingProxyType(facts), plural if isinstance(plural, str) else None
    )


def _fact_of_json(fact: Any) -> Value | Words:
    if isinstance(fact, dict):
        if _is_sentence(fact):
            return _of_json(fact)
        if "moment" in fact:
            return datetime.fromisoformat(fact["moment"])
        if "day" in fact:
            return date.fromisoformat(fact["day"])
        return InLanguages(fact)
    return fact if isinstance(fact, (str, int, float)) or fact is None else str(fact)


def _whole(text: str) -> str:
    """Return a text without half a character, as a text cut short leaves: no file can hold it."""
    return text.encode("utf-8", "replace").decode()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", LOCALE_FOLDER, languages=[language], fallback=True)
