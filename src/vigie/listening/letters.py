"""What an alert says, in the reader's language: where to look, never the words of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_timedelta

from vigie.listening import label_names
from vigie.present import naming
from vigie.present.writing import Day, Names, Number
from vigie.register.telling import Letter
from vigie.words import Words, _, plural, say

LISTED = 10
"""Posts named in a message; the page it leads to has them all."""


@dataclass(frozen=True)
class Span:
    """A length of time inside a sentence: 3 hours."""

    seconds: float

    def spoken(self, language: str) -> str:
        """Say it."""
        return format_timedelta(timedelta(seconds=self.seconds), threshold=1.2, locale=language)


@dataclass(frozen=True, kw_only=True)
class ToTell:
    """A warning that is to be written down."""

    number: int
    kind: str
    query: str
    """The title of the query."""
    round: str
    """first, repeat or deputy."""
    person: str
    """Who was to read it."""
    decided_at: datetime
    facts: Mapping[str, object]


def subject(kind: str, query: str, facts: Mapping[str, object]) -> Words:
    """Return a warning in one line."""
    count = facts.get("count")
    number = count if isinstance(count, int) else len(_posts(facts))
    if kind == "urgent":
        return plural(
            "Urgent: {count} post about “{query}”",
            "Urgent: {count} posts about “{query}”",
            count=number,
            query=query,
        )
    if kind == "spike":
        return _("More than usual about “{query}”", query=query)
    seconds = facts.get("seconds")
    return plural(
        "{count} post about “{query}” in {span}",
        "{count} posts about “{query}” in {span}",
        count=number,
        query=query,
        span=Span(float(seconds) if isinstance(seconds, (int, float)) else 0.0),
    )


def letter(warning: ToTell, *, language: str, zone: tzinfo, site: str) -> Letter:
    """Write a warning."""
    line = subject(warning.kind, warning.query, warning.facts)
    address = f"{site}/listening/alerts/{warning.number}/"
    parts: list[Words | str] = [
        *_because(warning, zone),
        *explained(warning.facts),
        *(_line(post, zone) for post in _posts(warning.facts)[:LISTED]),
        _("Read it here; that says it was read: {address}", address=address),
        _("The words of others do not leave by mail: they are on that page."),
    ]
    return Letter(
        subject=say(_in_round(line, warning.round), language),
        text="\n\n".join(say(part, language) for part in parts),
        facts={
            "alert": warning.number,
            "kind": warning.kind,
            "query": warning.query,
            "round": warning.round,
            "address": address,
        },
    )


def _in_round(line: Words, which: str) -> Words:
    if which == "repeat":
        return _("Again: {subject}", subject=line)
    if which == "deputy":
        return _("For you as deputy: {subject}", subject=line)
    return line


def _because(warning: ToTell, zone: tzinfo) -> list[Words]:
    at = warning.decided_at.astimezone(zone)
    if warning.round == "repeat":
        return [_("Nobody has read this since {moment}. It is said once more.", moment=at)]
    if warning.round == "deputy":
        return [
            _(
                "{person} was told twice, first on {moment}, and has not read it. You are told as "
                "deputy.",
                person=warning.person,
                moment=at,
            )
        ]
    return []


def explained(facts: Mapping[str, object]) -> list[Words]:
    """Return how far a spike goes beyond what was to be expected, and what was not counted."""
    return [*_beyond(facts), *_sampled(facts)]


def _sampled(facts: Mapping[str, object]) -> list[Words]:
    one_in = facts.get("one_in")
    if not isinstance(one_in, (int, float)):
        return []
    each = Number(float(one_in), 1)
    if "spike" in facts:
        return [
            _(
                "These figures are of what was kept: the query brings more than can be, and each "
                "post that was kept stands for about {each}.",
                each=each,
            )
        ]
    return [
        _(
            "Estimated from a sample, since the query brings more than can be kept: each post that "
            "was kept stands for about {each}.",
            each=each,
        )
    ]


def _beyond(facts: Mapping[str, object]) -> list[Words]:
    count, expected, day = facts.get("count"), facts.get("expected"), facts.get("day")
    if not isinstance(count, int) or not isinstance(expected, (int, float)):
        return []
    return [
        plural(
            "{count} post on {day}, by {authors} people; about {expected} was to be expected.",
            "{count} posts on {day}, by {authors} people; about {expected} were to be expected.",
            count=count,
            day=Day(date.fromisoformat(str(day))),
            authors=int(str(facts.get("authors") or 0)),
            expected=Number(float(expected), 1),
        )
    ]


def _line(post: Mapping[str, object], zone: tzinfo) -> Words:
    at = datetime.fromisoformat(str(post["at"])).astimezone(zone)
    where = naming.network(str(post["network"]))
    url = str(post.get("url") or post["post"])
    answers = [*_listed(post, "urgency")] or [*_listed(post, "intents")]
    question = "urgency" if _listed(post, "urgency") else "intent"
    if not answers:
        return _("{network}, {moment}: {url}", network=where, moment=at, url=url)
    names = Names(tuple(label_names.answer(question, name) for name in answers))
    return _(
        "{labels} — {network}, {moment}: {url}", labels=names, network=where, moment=at, url=url
    )


def _listed(post: Mapping[str, object], name: str) -> Sequence[str]:
    found = post.get(name)
    return [str(one) for one in found] if isinstance(found, (list, tuple)) else []


def _posts(facts: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    found = facts.get("posts")
    return found if isinstance(found, list) else []
