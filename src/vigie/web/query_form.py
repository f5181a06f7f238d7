"""The form of a query: what is shown in it, and what a person entered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest

from vigie.collect.connecting import connectors
from vigie.errors import ListeningError
from vigie.listening.kept import KeptQuery
from vigie.listening.models import Query
from vigie.listening.query_fields import FIELDS
from vigie.present import naming
from vigie.words import Words, _

SEARCH = "search"
_CODE = re.compile(r"[a-z]{2,3}")


def filled(row: Query) -> dict[str, object]:
    """Return the form as a query fills it."""
    return {
        "title": row.title,
        "words": row.words,
        "purpose": row.purpose,
        "office": row.office,
        "languages": ", ".join(row.languages),
        "networks": row.networks,
        "is_on": row.is_on,
        "to_inbox": row.to_inbox,
        "permitted_because": row.permitted_because,
    }


def typed(request: HttpRequest) -> dict[str, object]:
    """Return the form as it was typed, or as a first visit finds it."""
    if request.method != "POST":
        given = request.GET
        first = {name: given.get(name, "") for name in ("title", "words", "purpose")}
        return {**first, "languages": settings.CONFIGURED.language, "networks": [], "is_on": True}
    given = request.POST
    names = ("title", "words", "purpose", "office", "languages", "permitted_because")
    return {
        **{name: given.get(name, "") for name in names},
        "networks": given.getlist("networks"),
        "is_on": "is_on" in given,
        "to_inbox": given.getlist("to_inbox"),
    }


def entered(request: HttpRequest, name: str) -> KeptQuery:
    """Read what was entered."""
    given = request.POST
    return KeptQuery(
        name=name,
        title=given.get("title", ""),
        words=given.get("words", ""),
        purpose=given.get("purpose", ""),
        office=given.get("office", ""),
        languages=languages(given.get("languages", "")),
        networks=chosen_networks(given.getlist("networks")),
        is_on="is_on" in given,
        to_inbox=tuple(given.getlist("to_inbox")),
        permitted_because=given.get("permitted_because", ""),
    )


def networks() -> Sequence[tuple[str, Words | str]]:
    """Return the networks that can be searched, with what people call them."""
    found = {
        cls.network
        for cls in connectors().values()
        if any(stream.name == SEARCH for stream in cls.streams)
    }
    return [(name, naming.network(name)) for name in naming.NETWORKS if name in found]


def fields() -> Sequence[tuple[str, Words, str]]:
    """Return the fields of the query language: name, what it asks, an example."""
    told = [(name, kind.about, kind.example) for name, kind in FIELDS.items()]
    return [*told, *_BY_WORDS]


_BY_WORDS = (
    ("hashtag", _("A hashtag, in one piece."), "rentree"),
    ("url", _("Part of an address it links to."), "northfield.example"),
    ("raw", _("Words exactly as written, accents and capitals too."), "SHS"),
)


def languages(text: str) -> tuple[str, ...]:
    """Read codes of languages, or raise ``ListeningError``."""
    codes = tuple(dict.fromkeys(code for code in re.split(r"[\s,;]+", text.lower()) if code))
    wrong = [code for code in codes if not _CODE.fullmatch(code)]
    if wrong:
        raise ListeningError(
            _("{code} is no language. Write codes of two letters: fr, en.", code=wrong[0][:20])
        )
    return codes


def chosen_networks(chosen: Sequence[str]) -> tuple[str, ...]:
    """Return those that can be searched."""
    known: Mapping[str, object] = dict(networks())
    return tuple(name for name in chosen if name in known)
