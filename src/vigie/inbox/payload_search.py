"""Looks for a person in payloads as they came, and takes them out of those that say more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from vigie.collect.nested import Item
from vigie.errors import GarbledError
from vigie.inbox.mail_reading import header, opened, text_of
from vigie.inbox.own_archives import ONE

LEAST_LETTERS = 5
"""A shorter name stands for too many."""
NAMED_IN = ("From", "Reply-To", "Sender", "To", "Cc", "Subject")


def wanted(names: Iterable[str]) -> list[str]:
    """Return what is looked for of these handles and addresses, the longest first."""
    plain = {name.strip().lstrip("@").casefold() for name in names}
    long = (one for one in plain if len(one) >= LEAST_LETTERS)
    return sorted(long, key=lambda one: (-len(one), one))


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds these handles and addresses, whole; none: there is nothing to look for."""
    any_of_them = "|".join(re.escape(one) for one in wanted(names))
    return re.compile(rf"(?<!\w)(?:{any_of_them})(?!\w)") if any_of_them else None


def is_in(body: bytes, person: re.Pattern[str]) -> bool:
    """Whether a payload says something of a person, however it is written down."""
    return any(person.search(text) for text in texts_of(body))


def texts_of(body: bytes) -> Iterator[str]:
    """Yield all that a payload says, without case: as it came, then as it is meant."""
    yield body.decode("utf-8", "replace").casefold()
    found = _as_json(body)
    if found is not None:
        yield _said(found)
        return
    try:
        mail = opened(body)
    except GarbledError:
        return
    said = [header(mail, name) for name in NAMED_IN]
    yield "\n".join([*said, text_of(mail)]).casefold()


def without(body: bytes, person: re.Pattern[str]) -> bytes:
    """Return a payload without what it says of a person; empty: nothing is left to keep."""
    found = _as_json(body)
    if found is None or _is_theirs(found, person):
        return b""
    left = _without(found, person)
    if _holds(left, person) or not _has_items(left):
        return b""
    return json.dumps(left, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _is_theirs(found: Any, person: re.Pattern[str]) -> bool:
    """Whether it is a conversation that Vigie wrote, and was with a person: all of it is theirs."""
    if not isinstance(found, dict) or found.get("format") != ONE:
        return False
    whole = Item(found)
    return _holds([whole.at("contact").value, whole.at("messages", 0, "author").value], person)


def _as_json(body: bytes) -> Any:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _holds(value: Any, person: re.Pattern[str]) -> bool:
    return bool(person.search(_said(value)))


def _said(value: Any) -> str:
    """Return every text, name and number of a value, a line each, without case."""
    said, left = [], [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            left += one
        else:
            said.append(str(one))
    return "\n".join(said).casefold()


def _without(value: Any, person: re.Pattern[str]) -> Any:
    """Take out the smallest parts of lists that speak of a person."""
    if isinstance(value, dict):
        return {name: _without(one, person) for name, one in value.items()}
    if not isinstance(value, list):
        return value
    kept = []
    for one in value:
        left = _without(one, person) if _holds(one, person) else one
        if not _holds(left, person) and (left is one or _has_items(left)):
            kept.append(left)
    return kept


def _has_items(value: Any) -> bool:
    """Whether something is left in a list, at whatever depth."""
    if isinstance(value, list):
        return bool(value)
    return isinstance(value, dict) and any(_has_items(one) for one in value.values())
