"""What a query catches, seen before it is kept: how many, where, when, and ten of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from vigie.collect.connecting import may_show_words
from vigie.errors import ListeningError, QueryError
from vigie.listening import mention_list
from vigie.listening.cells import Counted
from vigie.listening.gathering import texts_since
from vigie.listening.mention_list import Wanted
from vigie.web.mention_filters import read_words
from vigie.web.site import site_store
from vigie.words import Words

DAYS = 90
EXAMPLES = 10


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a query catches, or why it cannot be read."""

    total: int | None = None
    days: int = DAYS
    networks: Sequence[Counted] = ()
    examples: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    mistake: Words | None = None
    pointed: str = ""


def seen(words: str) -> Seen:
    """Return what words catch among the texts of the last weeks."""
    now = datetime.now(UTC)
    since = now - timedelta(days=DAYS)
    try:
        query = read_words(words, now.astimezone(settings.CONFIGURED.zone).date())
    except (QueryError, ListeningError) as error:
        pointed = error.pointed if isinstance(error, QueryError) else ""
        return Seen(mistake=error.words, pointed=pointed)
    wanted = Wanted(queries=[query], first_day=since.date())
    found = mention_list.chosen(texts_since(site_store(), since, now), wanted)
    rows, _next = mention_list.page_of(found, after=None, size=EXAMPLES)
    return Seen(
        total=mention_list.total(found),
        networks=mention_list.by_network(found),
        examples=[{**row, "may_show": may_show_words(row["network"])} for row in rows],
    )
