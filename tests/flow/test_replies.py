"""Replies are asked for where there is something new to hear, and nothing new is missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.flow.pond import NORTHFIELD, NOW, AnsweringPond, Pond, run
from vigie.columns import records_of
from vigie.errors import NoAnswerError
from vigie.flow.journal import Collected
from vigie.model import Cursor, Mention
from vigie.store.store import Store
from vigie.words import _

DAY = timedelta(days=1)


def pond(count: int = 4) -> Pond:
    made = Pond(page=10)
    for number in range(count):
        made.publish("northfield", f"p{number}", days_ago=number + 0.5, comments=0)
    return made


def answer(made: Pond, post: str, reply: str) -> None:
    """Have somebody answer a post."""
    own: dict[str, Any] = made.posts["northfield"][post]
    said = {"id": reply, "at": NOW.isoformat()}
    own["replies"] = [*own.get("replies", []), said]
    own["comments"] = len(own["replies"])


def look(store: Store, made: Pond, *, after: timedelta = timedelta(), **more: Any) -> Collected:
    made.asked.clear()
    return run(store, made, now=NOW + after, connector=AnsweringPond, **more)


def asked(made: Pond) -> list[str]:
    """Return the posts that replies were asked for."""
    asks = [ask for ask in made.asked if ask.stream == "replies"]
    return [ask.page or ask.posts[0] for ask in asks]


def replies(store: Store) -> list[str]:
    found = records_of(Mention, store.table("mentions").to_pyarrow())
    return sorted(mention.post for mention in found)


def test_posts_nobody_answered_are_not_asked_about(store: Store) -> None:
    made = pond()
    answer(made, "p2", "r1")
    look(store, made)
    assert (asked(made), replies(store)) == (["p2"], ["r1"])


def test_posts_are_asked_about_again_when_their_comments_change(store: Store) -> None:
    made = pond()
    answer(made, "p1", "r1")
    look(store, made)
    look(store, made, after=timedelta(hours=1))
    assert asked(made) == []
    answer(made, "p1", "r2")
    answer(made, "p3", "r3")
    look(store, made, after=timedelta(hours=2))
    assert (asked(made), replies(store)) == (["p1", "p3"], ["r1", "r2", "r3"])


def test_post_whose_comments_are_unknown_is_always_asked_about(store: Store) -> None:
    made = pond(1)
    del made.posts["northfield"]["p0"]["comments"]
    for _look in range(2):
        look(store, made)
        assert asked(made) == ["p0"]


def test_answered_post_is_asked_about_once_more_before_it_is_left_alone(store: Store) -> None:
    made = pond(1)
    answer(made, "p0", "r1")
    look(store, made)
    for after, expected in ((5 * DAY, []), (6 * DAY, ["p0"]), (6.2 * DAY, []), (8 * DAY, [])):
        look(store, made, after=after)
        assert asked(made) == expected, after


def test_look_that_broke_is_made_again_for_all_that_changed(store: Store) -> None:
    made = pond()
    for number in range(4):
        answer(made, f"p{number}", f"r{number}")

    def break_at_third(ask: object) -> None:
        if len(asked(made)) == 3:
            raise NoAnswerError(_("The pond is frozen."))

    made.before = break_at_third
    look(store, made)
    made.before = lambda ask: None
    answer(made, "p0", "late")
    look(store, made, after=timedelta(hours=1))
    assert replies(store) == ["late", "r0", "r1", "r2", "r3"]


def test_account_with_nothing_new_counts_as_looked_at(store: Store) -> None:
    look(store, pond())
    found = records_of(Cursor, store.table("cursors").to_pyarrow())
    (cursor,) = [one for one in found if one.stream == "replies"]
    assert (cursor.subject, cursor.succeeded_at) == (NORTHFIELD.subject, NOW)
