"""How a conversation stood that Vigie wrote, and how it came to that: read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from vigie.collect.nested import Item
from vigie.errors import RowError
from vigie.inbox.past import History, PastLink, PastPassage, PastPerson, PastSatisfaction, Standing

MOST_TIMES, LARGEST = 32_000, (1 << 31) - 1
"""What a database holds as a short number, and as a number."""


def history_in(whole: Item) -> History:
    """Read what was written of it; a file of an earlier form says nothing."""
    return History(
        standing=_standing(whole),
        passages=tuple(_passages(whole)),
        links=tuple(_links(whole)),
        satisfaction=_satisfaction(whole.at("satisfaction")),
    )


def _standing(whole: Item) -> Standing | None:
    told = whole.at("standing")
    if not isinstance(told.value, Mapping):
        return None
    return Standing(
        state=text(whole, "state"),
        person=person(told.at("person")),
        snoozed_until=moment(told, "snoozed_until"),
        delayed_until=moment(told, "delayed_until"),
        reopened=min(_count(told, "reopened") or 0, MOST_TIMES),
        response_minutes=_count(told, "response_minutes"),
        resolution_minutes=_count(told, "resolution_minutes"),
    )


def _passages(whole: Item) -> Iterator[PastPassage]:
    for one in whole.at("passages"):
        at, reason = moment(one, "at"), one.at("reason").value
        if at is None:
            continue
        yield PastPassage(
            at=at,
            by=text(one, "by"),
            service=text(one, "service"),
            service_name=text(one, "service_name"),
            person=person(one.at("person")),
            reason={str(name): plain(said) for name, said in reason.items()}
            if isinstance(reason, Mapping)
            else {},
        )


def _links(whole: Item) -> Iterator[PastLink]:
    for one in whole.at("links"):
        at, thread = moment(one, "at"), text(one, "thread")[:512]
        if at is not None and thread:
            yield PastLink(thread=thread, by=text(one, "by"), at=at)


def _satisfaction(told: Item) -> PastSatisfaction | None:
    asked_at, score = moment(told, "asked_at"), _count(told, "score")
    if asked_at is None:
        return None
    answered_at = moment(told, "answered_at")
    is_said = score is not None and 1 <= score <= 5 and answered_at is not None
    return PastSatisfaction(
        asked_at=asked_at,
        answered_at=answered_at if is_said else None,
        score=score if is_said else None,
        words=text(told, "words") if is_said else "",
    )


def person(told: Item) -> PastPerson | None:
    """Read a colleague; unknown: nobody was named."""
    name, sign_in, mail = text(told, "name"), text(told, "sign_in"), text(told, "mail")
    return PastPerson(name=name, sign_in=sign_in, mail=mail) if name or sign_in or mail else None


def moment(item: Item, name: str) -> datetime | None:
    """Return a moment; unknown: it is not there, or is none."""
    try:
        return item.when(name)
    except RowError:
        return None


def text(item: Item, name: str) -> str:
    """Return a text; empty: it is not there."""
    return plain(item.at(name).value)


def plain(value: object) -> str:
    """Return a text as a database keeps one: without any NUL."""
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _count(item: Item, name: str) -> int | None:
    value = item.at(name).value
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= LARGEST else None
