"""What a reader asks of the list of mentions, in its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode

from vigie.collect.address import NETWORKS
from vigie.errors import ReportError
from vigie.listening import label_names
from vigie.listening.allowed import allowed
from vigie.listening.changes import query_named
from vigie.listening.mention_list import ANY, Wanted
from vigie.listening.models import Query as KeptRow
from vigie.listening.narrowing import narrowed
from vigie.listening.persons import require_no_person
from vigie.listening.query import Query, parse
from vigie.listening.tables import query_of
from vigie.present import naming
from vigie.register.models import Institution
from vigie.words import Words, _

LONGEST_QUERY = 5_000
DEFAULT_DAYS = 30
FIRST_DAY = date(2004, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One choice of the form above the list."""

    name: str
    label: Words
    options: Sequence[tuple[str, Words | str]]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for, and how it is said in an address."""

    words: str
    """In the query language."""
    saved: str
    """The name of a kept query."""
    wanted: Wanted
    is_unanswered: bool
    choices: Mapping[str, str]
    """Everything chosen, as in the address."""

    def address(self, **changes: str) -> str:
        """Return the same question with something changed, as an address carries it."""
        given = {**self.choices, **changes}
        return "?" + urlencode({name: value for name, value in given.items() if value})


def asked(request: HttpRequest, now: datetime) -> Asked:
    """Read what is asked for; words on a person are refused as they are when a query is kept."""
    today = now.astimezone(settings.CONFIGURED.zone).date()
    given = {name: request.GET.get(name, "").strip()[:LONGEST_QUERY] for name in NAMES}
    wanted = Wanted(
        queries=[*_words(given["q"], today), *_saved(given["query"])],
        network=_known(given["network"], NETWORKS),
        language=given["language"].lower(),
        intent=_known(given["intent"], label_names.INTENTS),
        service=_known(given["service"], label_names.SERVICES),
        tone=_known(given["tone"], label_names.TONES),
        urgency=_known(given["urgency"], (ANY, *label_names.URGENCIES)),
        institution=given["institution"],
        first_day=_day(given["since"]) or today - timedelta(days=DEFAULT_DAYS),
        last_day=_day(given["until"]),
    )
    return Asked(
        words=given["q"],
        saved=given["query"],
        wanted=wanted,
        is_unanswered=given["unanswered"] == "1",
        choices={name: value for name, value in given.items() if value},
    )


NAMES = (
    "q", "query", "network", "language", "intent", "service", "tone", "urgency", "institution",
    "since", "until", "unanswered",
)  # fmt: skip


def read_words(words: str, today: date) -> Query:
    """Read words of the query language, and refuse those that look for a person."""
    query = parse(words)
    require_no_person(query, words, allowed(on=today))
    return query


def filters(found: Asked) -> list[Filter]:
    """Return the choices of the form."""
    wanted = found.wanted
    return [
        _filter("query", _("Query"), _queries(), found.saved),
        _filter("intent", _("Intent"), label_names.INTENTS.items(), wanted.intent),
        _filter("service", _("Office"), label_names.SERVICES.items(), wanted.service),
        _filter("tone", _("Tone"), label_names.TONES.items(), wanted.tone),
        _filter("urgency", _("Urgency"), _URGENCIES, wanted.urgency),
        _filter("network", _("Network"), naming.NETWORKS.items(), wanted.network),
        _filter("institution", _("Institution"), _institutions(), wanted.institution),
    ]


def _filter(
    name: str, label: Words, options: Iterable[tuple[str, Words | str]], chosen: str
) -> Filter:
    return Filter(name=name, label=label, options=list(options), chosen=chosen)


def _queries() -> list[tuple[str, Words | str]]:
    return [(row.name, row.title) for row in KeptRow.objects.order_by("title")]


def _institutions() -> list[tuple[str, Words | str]]:
    rows = Institution.objects.filter(accounts__isnull=False).distinct().order_by("name")
    return [(row.slug, row.short_name or row.name) for row in rows[:300]]


def _words(words: str, today: date) -> list[Query]:
    return [read_words(words, today)] if words else []


def _saved(name: str) -> list[Query]:
    return [narrowed(query_of(query_named(name)))] if name else []


def _known(value: str, known: Mapping[str, object] | Sequence[str]) -> str:
    if value and value not in known:
        raise ReportError(
            _("{chosen} is not known. Choose one of: {known}.", chosen=value[:40],
              known=", ".join(known))
        )  # fmt: skip
    return value


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return max(date.fromisoformat(text), FIRST_DAY)
    except ValueError as error:
        raise ReportError(
            _("{value} is no day. Write it as 2026-11-30.", value=text[:20])
        ) from error


_URGENCIES = ((ANY, _("any urgency")), *label_names.URGENCIES.items())


def nothing(request: HttpRequest) -> Asked:
    """Return the question as it was typed, when it cannot be answered."""
    given = {name: request.GET.get(name, "").strip()[:LONGEST_QUERY] for name in NAMES}
    return Asked(
        words=given["q"],
        saved=given["query"],
        wanted=Wanted(),
        is_unanswered=False,
        choices={name: value for name, value in given.items() if value},
    )
