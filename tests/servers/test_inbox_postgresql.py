"""The inbox over PostgreSQL: what its tests claim over SQLite holds there too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.bluesky.running import MissingProgramError
from tests.servers.postgresql import running

ROOT = Path(__file__).parents[2]
KEY = (
    "tests/inbox/test_searching.py",
    "tests/inbox/test_totals.py",
    "tests/inbox/test_joining.py",
    "tests/inbox/test_saved_replies.py",
    "tests/inbox/test_visible.py",
    "tests/inbox/test_intake.py",
    "tests/inbox/test_sending.py",
    "tests/inbox/test_contacts.py",
    "tests/web/test_inbox.py",
    "tests/web/test_inbox_rooms.py",
    "tests/web/test_conversation.py",
    "tests/web/test_contacts.py",
    "tests/web/test_privately.py",
    "tests/web/test_answer_pages.py",
    "tests/web/test_inbox_figures.py",
    "tests/web/test_inbox_causes.py",
    "tests/web/test_inbox_rooms_rules.py",
    "tests/web/test_inbox_rooms_boxes.py",
    "tests/web/test_log.py",
    "tests/inbox/test_answering.py",
    "tests/inbox/test_effacing.py",
    "tests/inbox/test_tables.py",
    "tests/inbox/test_teaching.py",
    "tests/inbox/test_summing.py",
    "tests/inbox/test_recounting.py",
    "tests/inbox/test_sketching.py",
    "tests/inbox/test_self_check.py",
    "tests/inbox/test_privately.py",
    "tests/inbox/test_sharing.py",
    "tests/inbox/test_retaining.py",
    "tests/inbox/test_own_archives.py",
    "tests/inbox/test_round_trip.py",
    "tests/inbox/test_two_workers.py",
)


@pytest.mark.server
def test_key_tests_of_the_inbox_hold_over_postgresql() -> None:
    try:
        with running() as address:
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "pytest",
                    "-q",
                    "-x",
                    "-p",
                    "no:cacheprovider",
                    "-m",
                    "not slow and not browser",
                    *KEY,
                ],
                cwd=ROOT,
                env={**os.environ, "VIGIE_DATABASE_URL": address, "PYTEST_ADDOPTS": ""},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
    except MissingProgramError as error:
        pytest.skip(str(error))
    assert done.returncode == 0, done.stdout[-4000:]
