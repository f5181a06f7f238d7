"""Requests for consent as pages show them: how each stands, and the post as it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from vigie.collect.connecting import may_show_words
from vigie.listening.consent_document import GONE, OVER, WITHDRAWN, Reusable, Stopped
from vigie.listening.consenting import SCOPES, STATES, state
from vigie.listening.models import Consent
from vigie.register.models import Institution
from vigie.web.seen_posts import Key, SeenPost, seen_posts
from vigie.web.site import site_store
from vigie.words import Words


@dataclass(frozen=True, kw_only=True)
class Stands:
    """A request, how it stands, and its post while it is public."""

    row: Consent
    state: str
    words: Words
    scope: Words
    seen: SeenPost | None
    text: str
    """Empty where the rules of the network do not let it be shown."""


def stands(rows: Iterable[Consent], now: datetime) -> list[Stands]:
    """Return how requests stand, each with its post as the store holds it now."""
    kept = list(rows)
    posts = seen_posts(site_store(), {(row.network, row.post) for row in kept})
    return [_stands(row, posts, now) for row in kept]


def _stands(row: Consent, posts: Mapping[Key, SeenPost], now: datetime) -> Stands:
    stand, seen = state(row, now), posts.get((row.network, row.post))
    return Stands(
        row=row,
        state=stand,
        words=STATES[stand],
        scope=SCOPES[row.scope],
        seen=seen,
        text=seen.text if seen and may_show_words(row.network) else "",
    )


def reusable(found: Sequence[Stands]) -> list[Reusable]:
    """Return the posts that may be used: the author agrees, and the post is public still."""
    return [
        Reusable(
            network=one.row.network,
            url=one.row.url,
            text=one.seen.text,
            credit=one.row.credit,
            purpose=one.row.purpose,
            scope=one.row.scope,
            used_until=one.row.used_until,
            answered_at=one.row.answered_at,
        )
        for one in found
        if one.state == "yes" and one.seen is not None and one.row.answered_at is not None
    ]


def stopped(found: Sequence[Stands]) -> list[Stopped]:
    """Return the posts that may no longer be used: taken back, over, or taken down."""
    ended = []
    for one in found:
        if one.state == "withdrawn":
            reason, since = WITHDRAWN, one.row.withdrawn_at
        elif one.state == "over":
            reason, since = OVER, None
        elif one.state == "yes" and one.seen is None:
            reason, since = GONE, None
        else:
            continue
        ended.append(
            Stopped(
                network=one.row.network,
                url=one.row.url,
                purpose=one.row.purpose,
                since=since or (one.row.used_until if one.state == "over" else None),
                reason=reason,
            )
        )
    return ended


def asker() -> str:
    """Return who asks: the institution whose site this is; unnamed when it is not said."""
    ours = Institution.objects.filter(slug=settings.CONFIGURED.institution).first()
    return ours.name if ours else ""


def whole_address(request: HttpRequest, path: str) -> str:
    """Return an address as it is sent to people outside."""
    configured = settings.CONFIGURED
    return configured.site + path if configured.address else request.build_absolute_uri(path)
