"""The log from the terminal."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run
from vigie.register import log
from vigie.register.models import LogEntry
from vigie.register.rights import Author

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written() -> None:
    """Two changes."""
    made = [log.Change(action="query.put", subject=name, facts={}) for name in ("a", "b")]
    log.write(made, by=Author(name="bob"))


def test_whole_log_says_what_to_note_and_what_was_noted_is_found(run: Run, written: None) -> None:
    code, out, _err = run("log", "verify")
    noted = out.split()[-1]
    assert (code, noted) == (0, f"2:{log.verify().last}")
    LogEntry.objects.filter(number=2).delete()
    code, _out, err = run("log", "verify", "--noted", noted)
    assert (code, "Entry 2, which was noted, is missing." in err) == (1, True)


def test_export_is_a_line_an_entry(run: Run, written: None) -> None:
    _code, out, _err = run("log", "export", "--action", "query.")
    assert [json.loads(line)["subject"] for line in out.splitlines()] == ["a", "b"]
