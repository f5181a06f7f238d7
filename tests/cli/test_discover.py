"""What is found is said, kept for a decision, and accepted where it is proved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOON, NORTHFIELD
from tests.cli.conftest import Run
from tests.collect.loopback import Server, impatient, serving
from tests.flow.northfield_site import Town
from vigie import flow, settings
from vigie.cli.jobs import Jobs
from vigie.register import models, tables
from vigie.register.rights import COMMAND_LINE
from vigie.sources import findings, turns
from vigie.sources.models import Finding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def server(run: Run, town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("VIGIE_PRIVATE_ADDRESSES", "127.0.0.1")
    monkeypatch.setenv("VIGIE_QUESTIONS_PER_SECOND", "0")
    with serving(town.answer) as started:
        monkeypatch.setenv("VIGIE_CONNECT_BLUESKY_SERVICE", started.url)
        monkeypatch.setenv("VIGIE_CONNECT_MASTODON_SERVICE", started.url)
        town.where = f"{started.url}/"
        town.pages["/robots.txt"] = ""
        one = replace(NORTHFIELD, website=town.where)
        models.Institution.objects.create(slug=one.institution, name=one.name, website=one.website)
        flow.keep_register(flow.open_store(settings.load()), tables.rows())
        town.on_bluesky("northfield.bsky.social", website=town.where)
        yield started


def test_table_says_whose_each_account_is_and_why(run: Run, server: Server) -> None:
    code, out, _err = run("discover", "northfield")
    assert code == 0
    assert all(text in out for text in ("northfield.bsky.social", "Proved both ways", "tiktok"))
    assert "Its profile links to the site." in " ".join(out.split())


def test_what_was_found_waits_for_a_decision(run: Run, server: Server) -> None:
    run("discover", "northfield")
    states = set(Finding.objects.values_list("state", flat=True))
    assert (states, models.Account.objects.count()) == ({"pending"}, 0)


def test_proved_ones_are_accepted_and_no_others(run: Run, server: Server) -> None:
    _code, out, _err = run("discover", "--all", "--accept-proved", "--json")
    assert json.loads(out)["accepted"] == ["bluesky:northfield.bsky.social"]
    row = models.Account.objects.get()
    assert (row.account, row.proof) == ("bluesky:northfield.bsky.social", "both")
    kept = flow.open_store(settings.load()).table("accounts").account.to_pyarrow().to_pylist()
    assert kept == [row.account]


def test_accepting_again_changes_nothing(run: Run, server: Server) -> None:
    run("discover", "northfield", "--accept-proved")
    _code, out, _err = run("discover", "northfield", "--accept-proved")
    assert "0 accounts were accepted" in out


def test_site_that_does_not_answer_is_said(run: Run, server: Server, town: Town) -> None:
    town.status["/"] = 404
    code, out, err = run("discover", "northfield")
    assert (code, "0 pages read" in out, "404" in err) == (1, True, True)


def test_worker_looks_when_somebody_asked_for_it(run: Run, server: Server) -> None:
    run("register", "list")
    findings.look_again("northfield", by=COMMAND_LINE, at=NOON)
    claim = turns.claim("ann", now=NOON, lease=timedelta(minutes=1))
    assert claim is not None
    configured = settings.load()
    jobs = Jobs(store=flow.open_store(configured), settings=configured, http=impatient())
    outcome = jobs.by_kind[claim.kind](claim, lambda: False)
    assert (outcome.is_finished, outcome.failure) == (True, None)
    assert Finding.objects.filter(verdict="two_way").count() == 1


@pytest.mark.parametrize("words", [(), ("northfield", "--all")])
def test_one_institution_or_all(run: Run, words: tuple[str, ...]) -> None:
    code, _out, err = run("discover", *words)
    assert (code, "--all" in err) == (2, True)


def test_institution_that_nobody_knows(run: Run, server: Server) -> None:
    code, _out, err = run("discover", "nowhere")
    assert (code, "not in the register" in err) == (1, True)
