"""``vigie identity``, and the due work that looks once a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import NOON, NORTHFIELD_BLUESKY, post
from tests.cli.conftest import Run
from vigie import flow
from vigie.cli.identities import told_identities
from vigie.cli.jobs import Jobs
from vigie.columns import records_of, table_of
from vigie.model import Account, Identity, Institution, Post
from vigie.settings import Settings
from vigie.sources import turns
from vigie.sources.models import Work
from vigie.sources.turns import IDENTITY, MEASURE, Claim
from vigie.store.store import Store
from vigie.words import say

FOUND = flow.Identified(month=date(2026, 9, 1), told=("northfield",), untold=())


def claim(subject: str = "") -> Claim:
    return Claim(
        work=1, kind=IDENTITY, connector="", subject=subject, every=None, due_at=NOON,
        is_whole=False, attempts=1, misses=0, worker="w", at=NOON,
    )  # fmt: skip


@pytest.fixture
def posted(store: Store) -> Store:
    """One post of a month that is over."""
    institution = Institution(institution="northfield", name="Northfield", kind="university")
    store.replace("institutions", table_of(Institution, [institution]))
    before = NOON.replace(month=8, day=2)
    said = post("1", published_at=before, published_on=before.date(), text="Bonjour", language="fr")
    store.append("posts", table_of(Post, [said]))
    store.replace("accounts", table_of(Account, [NORTHFIELD_BLUESKY]))
    return store


def test_one_institution_is_not_said_as_several() -> None:
    assert say(told_identities(FOUND), "en") == (
        "Up to September 2026: 1 institution has a figure, 0 have too few posts or peers."
    )
    two = replace(FOUND, told=("a", "b"), untold=("c",))
    assert "2 institutions have a figure, 1 has too few" in say(told_identities(two), "en")


@pytest.mark.django_db
def test_command_without_posts_says_what_to_do(run: Run) -> None:
    code, _out, err = run("identity")
    assert code == 1
    assert "Import or collect some" in err


@pytest.mark.django_db
def test_due_work_looks_once_a_month_and_has_it_measured(posted: Store, settings: Settings) -> None:
    job = Jobs(store=posted, settings=settings, clock=lambda: NOON).by_kind[IDENTITY]
    first = job(claim(), lambda: False)
    assert "0 institutions have a figure, 1 has too few" in say(first.words or "", "en")
    assert Work.objects.filter(kind=MEASURE).exists()
    assert job(claim(), lambda: False).words is None


@pytest.mark.django_db
def test_whoever_is_named_is_looked_at_anew(posted: Store, settings: Settings) -> None:
    job = Jobs(store=posted, settings=settings, clock=lambda: NOON).by_kind[IDENTITY]
    job(claim(), lambda: False)
    assert job(claim("northfield"), lambda: False).words is not None
    assert len(records_of(Identity, posted.table("identities").to_pyarrow())) == 1


@pytest.mark.django_db
def test_it_is_due_whatever_is_connected(settings: Settings) -> None:
    turns.schedule(settings, now=NOON)
    assert Work.objects.filter(kind=IDENTITY).exists()
