"""Puts queries to the networks that can be searched, and keeps of the finds what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from vigie.collect.connector import Connector, Page, Payload, Subject
from vigie.flow.collecting import Means, Wish, able, round_of
from vigie.flow.journal import Collected
from vigie.flow.keeping import Sift
from vigie.flow.sampling import LOOK_BACK, Sampling, paced
from vigie.http import open_http
from vigie.listening.query import Query
from vigie.listening.searching import before_labels, query_of, searches
from vigie.model import Mention, Record
from vigie.store.store import Store

SEARCH = "search"
BACK = timedelta(days=7)
"""How far a new query is searched for back: what most networks let one search."""
AGAIN = timedelta(minutes=30)
"""Read again each time: a post is found some minutes after it appeared."""
NOT_WANTED, NOT_DRAWN = "not wanted", "not drawn"


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A query that is put to networks."""

    name: str
    """What the finds are filed under."""
    query: Query
    networks: frozenset[str] = frozenset()
    """Where it is put; none: everywhere."""


def search(store: Store, name: str, sought: Sequence[Sought], means: Means) -> Collected | None:
    """Search one network for every query, those first that have waited longest.

    None: there is nothing it can be asked. What the budget does not reach comes first the next
    time; how far each query was read, its cursors say.
    """
    connector = able(store, name, means)
    subjects = [subject for one in sought for subject in subjects_of(connector, one)]
    if not subjects:
        return None
    http = means.http or open_http(means.settings)
    made = round_of(store, name, connector, subjects, Wish(), means, http)
    made.only = SEARCH
    made.reach = replace(made.reach, backfill=BACK, relook=AGAIN)
    sampling = sampling_of(store, sought, means)
    made.keeping.sift = sift_of(sought, sampling)
    made.thinned = paced(
        subjects,
        connector,
        budget=made.budget,
        cursors=made.known.cursors,
        a_day=lambda query: sampling.a_day(query, connector.network),
        stream=SEARCH,
        now=means.clock(),
    )
    return made.make()


def sampling_of(store: Store, sought: Sequence[Sought], means: Means) -> Sampling:
    """Return what decides which finds are kept, where there are too many."""
    return Sampling.read(
        store,
        {one.name for one in sought},
        most=means.settings.finds_a_day,
        since=means.clock() - LOOK_BACK,
    )


def subjects_of(connector: Connector, sought: Sought) -> list[Subject]:
    """Return what a network is asked about for a query; nothing where it cannot be asked."""
    if sought.networks and connector.network not in sought.networks:
        return []
    return [ask.subject for ask in searches(sought.query, connector, name=sought.name).asks]


def sift_of(sought: Sequence[Sought], sampling: Sampling) -> Sift:
    """Return what files finds under their query, and leaves out those that no query wants.

    Of a query that brings too many a share is kept, and each says for how many it stands.
    """
    loosened = {one.name: before_labels(one.query) for one in sought}

    def is_kept(name: str, record: Record) -> bool:
        if name not in loosened or not isinstance(record, Mention):
            return False
        query = loosened[name]
        return query is None or query.matches(_row(record, name))

    def sift(payload: Payload, page: Page) -> Page:
        if payload.stream != SEARCH:
            return page
        name = query_of(payload.subject)
        wanted = [record for record in page.records if is_kept(name, record)]
        kept = [
            replace(record, subject=name, stands_for=stands_for if stands_for > 1 else None)
            for record in wanted
            if isinstance(record, Mention)
            and (stands_for := sampling.kept(name, record)) is not None
        ]
        left = {
            NOT_WANTED: len(page.records) - len(wanted),
            NOT_DRAWN: len(wanted) - len(kept),
        }
        skipped = {reason: count for reason, count in left.items() if count}
        return replace(page, records=kept, skipped={**page.skipped, **skipped})

    return sift


def _row(mention: Mention, name: str) -> dict[str, object]:
    """Return a find as a text, as far as it is known before labels."""
    return {
        "network": mention.network,
        "post": mention.post,
        "origin": "others",
        "subjects": [name],
        "institutions": [],
        "entities": [],
        "kind": mention.kind,
        "author": mention.author,
        "published_at": mention.published_at,
        "published_on": mention.published_on,
        "text": mention.text,
        "url": mention.url,
        "language": mention.language,
        "is_reply": mention.answers_to is not None,
        "is_repost": None,
        "has_link": "://" in (mention.text or ""),
        "has_image": None,
        "answers_to": mention.answers_to,
    }
