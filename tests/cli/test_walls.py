"""What is due of walls: posts come from the store, what is over is closed and erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.culture.posts import mention
from tests.culture.walls import TEACHER, ask, opened
from vigie.cli.walls import keep_walls
from vigie.columns import table_of
from vigie.culture import wall_changes
from vigie.culture.board import board
from vigie.culture.wall_models import Wall, Wording
from vigie.model import Mention, Tombstone
from vigie.store.store import Store

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(store: Store) -> Store:
    """A store with one post that asks."""
    with store.intake() as intake:
        intake.add("mentions", table_of(Mention, [mention(text="Why is it blue? #chem101")]))
        intake.commit()
    return store


def test_posts_come_to_an_open_wall(busy: Store) -> None:
    wall = opened()
    keep_walls(busy, now=NOON + timedelta(minutes=1))
    assert [one.text for one in board(wall)] == ["Why is it blue?"]


def test_wall_that_takes_no_posts_gets_none(busy: Store) -> None:
    opened(takes_posts=False)
    keep_walls(busy, now=NOON + timedelta(minutes=1))
    assert not Wording.objects.exists()


def test_words_of_a_post_that_was_taken_down_leave_a_closed_wall_too(busy: Store) -> None:
    wall = opened()
    keep_walls(busy, now=NOON + timedelta(minutes=1))
    wall_changes.close(wall.pk, by=TEACHER, at=NOON + timedelta(minutes=2))
    gone = Tombstone(network="bluesky", post="m1", observed_at=NOON, reason="deleted")
    with busy.intake() as intake:
        intake.add("tombstones", table_of(Tombstone, [gone]))
        intake.commit()
    keep_walls(busy, now=NOON + timedelta(minutes=3))
    assert not Wording.objects.exists()


def test_what_is_over_is_closed_and_then_erased(store: Store) -> None:
    wall = opened(keep_days=1)
    ask(wall, "Why is it blue?")
    keep_walls(store, now=wall.closes_at)
    keep_walls(store, now=wall.closes_at + timedelta(days=1))
    assert (Wall.objects.get().erased_at is not None, Wording.objects.count()) == (True, 0)
