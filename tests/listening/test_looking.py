"""What alerts see in the store: urgent posts, many posts, spikes; and how fast it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail

from tests.cast import NOON
from tests.listening.test_changes import LIBRARY
from vigie.cli.alerts import warn
from vigie.columns import table_of
from vigie.listening import changes
from vigie.listening.letters import explained
from vigie.listening.looking import look_at
from vigie.listening.models import Alert, AlertSent, Digest, Listener
from vigie.model import Label, Mention, Spike
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import say

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def mention(name: str, at: datetime = NOON, text: str = "The library is closed!") -> Mention:
    return Mention(
        network="bluesky", post=name, subject="bluesky:northfield.example", kind="mention",
        author=f"p{name}", published_at=at, published_on=at.date(), observed_at=at + MINUTE,
        text=text, url=f"https://bsky.app/{name}",
    )  # fmt: skip


def label(name: str, question: str, answer: str, at: datetime = NOON) -> Label:
    return Label(
        network="bluesky", post=name, published_on=at.date(), question=question,
        annotator="rules 1", answers=(answer,), certainties=(1.0,), labelled_at=at,
    )  # fmt: skip


def seen(store: Store, alert: Alert, *, now: datetime = NOON + HOUR) -> list[str]:
    look = look_at(store, now=now, zone=Settings().zone)
    return [one.occasion.key for one in look(alert, [])]


def test_urgent_post_that_a_query_catches_is_seen(store: Store, alert: Alert) -> None:
    store.append("mentions", table_of(Mention, [mention("1"), mention("2", text="Closed.")]))
    labels = [label("1", "urgency", "safety"), label("2", "urgency", "safety")]
    store.append("labels", table_of(Label, labels))
    assert seen(store, alert) == ["urgent:bluesky:1"]


def test_post_from_before_the_alert_warns_nobody(store: Store, alert: Alert) -> None:
    store.append("mentions", table_of(Mention, [mention("1", NOON - HOUR)]))
    store.append("labels", table_of(Label, [label("1", "urgency", "safety")]))
    assert seen(store, alert) == []


@pytest.fixture
def counting(alert: Alert) -> Alert:
    alert.kind, alert.least, alert.within = "count", 3, 2 * HOUR
    alert.save()
    return alert


@pytest.mark.parametrize(("posts", "warns"), [(2, False), (3, True), (4, True)])
def test_many_posts_within_a_time_are_seen(
    store: Store, counting: Alert, posts: int, warns: bool
) -> None:
    found = [mention(str(number), NOON + number * MINUTE) for number in range(posts)]
    store.append("mentions", table_of(Mention, found))
    assert bool(seen(store, counting)) is warns


def test_sample_of_many_posts_warns_and_says_so(store: Store, counting: Alert) -> None:
    store.append("mentions", table_of(Mention, [replace(mention("1", NOON), stands_for=8)]))
    (warning,) = look_at(store, now=NOON + HOUR, zone=Settings().zone)(counting, [])
    assert (warning.facts["count"], warning.facts["one_in"]) == (8, 8)
    assert "stands for about 8" in " ".join(say(one, "en") for one in explained(warning.facts))


def test_posts_spread_over_a_longer_time_are_not(store: Store, counting: Alert) -> None:
    found = [mention(str(number), NOON + number * HOUR) for number in range(4)]
    store.append("mentions", table_of(Mention, found))
    assert seen(store, counting, now=NOON + 4 * HOUR + MINUTE) == []


def spike(name: str, **facts: object) -> Spike:
    given: dict[str, object] = {
        "spike": name, "kind": "burst", "query": "library", "facet": "all", "value": "",
        "day": date(2026, 10, 1), "posts": 40, "authors": 31, "expected": 4.2, "seen": 1.0,
        "chance": 0.001, "false_share": 0.01, "observed_at": NOON, **facts,
    }  # fmt: skip
    return Spike(**given)  # type: ignore[arg-type]  # a test says what it wants


def test_spike_of_the_query_as_a_whole_is_seen(store: Store, alert: Alert) -> None:
    alert.kind = "spike"
    rows = [
        spike("a"),
        spike("b", facet="network", value="bluesky"),
        spike("c", query="other"),
        spike("d", day=date(2026, 9, 1)),
    ]
    store.append("spikes", table_of(Spike, rows))
    assert seen(store, alert) == ["spike:a"]


# ── from the store to the mail ───────────────────────────────────────────────────────────


@pytest.fixture
def mailing(settings: Settings) -> Settings:
    return replace(settings, mail_url="smtp://h", language="en", address="https://vigie.example")


def turn(store: Store, mailing: Settings, now: datetime) -> list[str]:
    """Return what one turn of work sent."""
    before = len(mail.outbox)
    warn(store, settings=mailing, http=None, now=now, should_stop=lambda: False)
    return [one.subject for one in mail.outbox[before:]]


def test_next_turn_after_a_label_tells_the_person(
    store: Store, mailing: Settings, alert: Alert
) -> None:
    assert turn(store, mailing, NOON) == []
    store.append("mentions", table_of(Mention, [mention("1")]))
    store.append("labels", table_of(Label, [label("1", "urgency", "safety")]))
    assert turn(store, mailing, NOON + 2 * MINUTE) == ["[Vigie] Urgent: 1 post about “The library”"]
    assert turn(store, mailing, NOON + 4 * MINUTE) == []


def test_spike_is_told_with_what_was_to_be_expected(
    store: Store, mailing: Settings, alert: Alert
) -> None:
    alert.kind = "spike"
    alert.save()
    store.append("spikes", table_of(Spike, [spike("a")]))
    assert turn(store, mailing, NOON) == ["[Vigie] More than usual about “The library”"]
    assert "about 4.2 were to be expected" in mail.outbox[0].body


MORNING = datetime(2026, 10, 2, 5, 45, tzinfo=NOON.tzinfo)
"""A quarter to eight in Paris."""


@pytest.fixture
def reader(alert: Alert) -> Listener:
    Alert.objects.all().delete()
    return Listener.objects.create(person=alert.person, language="fr", digest_at=time(7, 30))


def test_digest_leaves_in_the_morning_once_in_the_readers_language(
    store: Store, mailing: Settings, reader: Listener
) -> None:
    store.append("mentions", table_of(Mention, [mention("1")]))
    assert turn(store, mailing, MORNING - HOUR) == []
    assert turn(store, mailing, MORNING) == ["[Vigie] Quoi de neuf, 2 octobre 2026"]
    assert turn(store, mailing, MORNING + HOUR) == []
    assert "1 publication publique d’autrui est arrivée." in mail.outbox[0].body


def test_digest_with_nothing_to_say_is_not_sent(
    store: Store, mailing: Settings, reader: Listener
) -> None:
    assert turn(store, mailing, MORNING) == []
    assert Digest.objects.get().sent_at is not None


def test_person_without_wish_for_it_gets_no_digest(
    store: Store, mailing: Settings, reader: Listener
) -> None:
    Listener.objects.update(digest_at=None)
    store.append("mentions", table_of(Mention, [mention("1")]))
    assert turn(store, mailing, MORNING) == []


def test_query_that_no_longer_reads_keeps_no_other_alert_from_speaking(
    store: Store, mailing: Settings, alert: Alert
) -> None:
    broken = changes.keep_query(replace(LIBRARY, name="broken"))
    broken.words = "library AND ("
    broken.save()
    Alert.objects.create(query=broken, kind="urgent", person=alert.person, since=NOON)
    store.append("mentions", table_of(Mention, [mention("1")]))
    store.append("labels", table_of(Label, [label("1", "urgency", "safety")]))
    assert len(turn(store, mailing, NOON + MINUTE)) == 1
    assert AlertSent.objects.count() == 1
