"""What is due of listening: warnings decided and sent, the digest of the morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from vigie.http import Http, open_http
from vigie.listening import consent_changes, outdated, outgoing
from vigie.listening.changes import switch_off_refused
from vigie.listening.digests import News, send_due
from vigie.listening.gathering import (
    names_of_institutions,
    our_accounts,
    tables_since,
    texts_since,
)
from vigie.listening.looking import look_at
from vigie.listening.models import Alert
from vigie.listening.morning import morning
from vigie.listening.morning_words import sentences
from vigie.listening.open_questions import OPEN_FOR, open_questions
from vigie.listening.sending import deliver
from vigie.listening.warning import consider_all
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import Words, plural

A_DAY = timedelta(days=1)


def warn(
    store: Store,
    *,
    settings: Settings,
    http: Http | None,
    now: datetime,
    should_stop: Callable[[], bool],
) -> Words | None:
    """Look, decide, send; return what was done where something was."""
    if Alert.objects.filter(is_on=True).exists():
        consider_all(look_at(store, now=now, zone=settings.zone), now=now, zone=settings.zone)
    send = outgoing.sender(settings, http or open_http(settings))
    delivered = deliver(send, now=now, should_stop=should_stop)
    sent = delivered.sent + send_due(
        lambda: news_of(store, settings, now), settings=settings, now=now
    )
    if not sent:
        return None
    return plural("{count} message was sent.", "{count} messages were sent.", count=sent)


def news_of(store: Store, settings: Settings, now: datetime) -> News:
    """Return what came since yesterday."""
    since = now - A_DAY
    found = morning(texts_since(store, since, now), since=since)
    names = names_of_institutions()
    waiting = open_questions(
        tables_since(store, now - OPEN_FOR, now),
        accounts=our_accounts(settings),
        since=now - OPEN_FOR,
    )
    count = waiting.select("network", "post").distinct().count().to_pyarrow().as_py()
    return News(
        sentences=sentences(found, institution=lambda slug: names.get(slug, slug)),
        posts=found.posts,
        waiting=int(count),
    )


def let_go_of_listening(store: Store, *, now: datetime) -> None:
    """Let go of what warnings say of posts, and of what is kept of persons beyond its time."""
    tombstones = store.table("tombstones").select("network", "post").to_pyarrow().to_pylist()
    outdated.let_go({(row["network"], row["post"]) for row in tombstones}, now=now)
    switch_off_refused(at=now)
    consent_changes.forget_over(at=now)
