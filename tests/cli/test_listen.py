import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.listening.saying import label, mention
from tests.listening.test_changes import LIBRARY
from vigie.columns import table_of
from vigie.listening.changes import keep_query
from vigie.model import Label, Mention
from vigie.settings import Settings
from vigie.store.store import open_store

pytestmark = pytest.mark.django_db(transaction=True)

SUNDAY = datetime(2026, 9, 13, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path / "home"))
    rows = [mention("1", text="Un bug !"), mention("2", text="encore un bug", published_at=SUNDAY)]
    store.append("mentions", table_of(Mention, [*rows, mention("3", text="merci")]))
    store.append("labels", table_of(Label, [label("intent", "complaint", post="1")]))


def test_posts_are_counted_and_shown(run: Run) -> None:
    code, said, _errors = run("listen", "bug", "--by", "intent", "--examples", "1")
    assert code == 0
    assert "2 of 3 posts." in said
    assert "Complaint" in said
    assert "Not labelled" in said
    assert "Un bug !" in said


def test_counts_can_be_taken_away(run: Run) -> None:
    _code, said, _errors = run("listen", "bug", "--by", "week", "--csv")
    assert said == "week,posts\n2026-09-07,1\n2026-09-28,1\n"
    _code, said, _errors = run("listen", "bug", "--since", "2026-09-20", "--json")
    assert json.loads(said)["counts"] == [{"network": "bluesky", "posts": 1}]


def test_kept_query_is_asked_as_it_is_listened_to(run: Run) -> None:
    keep_query(replace(LIBRARY, words="bug", languages=("en",)))
    _code, said, _errors = run("listen", "--kept", "library", "--json")
    assert json.loads(said)["query"] == "bug AND lang:en,unknown"
    _code, said, _errors = run("listen", "encore", "--kept", "library", "--json")
    assert json.loads(said)["query"] == "bug AND lang:en,unknown AND encore"


def test_mistake_is_shown_with_a_caret(run: Run) -> None:
    code, _said, errors = run("listen", "bug lagn:fr")
    assert code == 1
    assert errors.startswith("bug lagn:fr\n    ^\nThere is no field lagn:")


def test_query_on_a_person_is_refused(run: Run) -> None:
    code, said, errors = run("listen", '"Marie Dupont"', "--examples", "1")
    assert code == 1
    assert said == ""
    assert "does not search for private persons" in errors


def test_programs_are_told_neither_authors_nor_words_that_may_not_leave(run: Run) -> None:
    _code, said, _errors = run("listen", "bug", "--examples", "2", "--json")
    for example in json.loads(said)["examples"]:
        assert "author" not in example
        assert example["text"] is None
