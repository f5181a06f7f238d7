"""Workers of ``vigie run`` killed over what networks sent: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cast import NORTHFIELD
from tests.sources.test_working import ROOT
from vigie.columns import records_of, table_of
from vigie.model import Account, Institution, Mention, Run
from vigie.settings import Settings
from vigie.sources.shelf import Shelf
from vigie.store.store import Store, open_store

DELIVERIES, MOST_KILLS = 40, 6
OWNER = "100000000000001"
VIGIE = [sys.executable, "-c", "from vigie.cli.main import main; main()"]
ENTER = """
from vigie.cli.records import open_records
open_records()
from dataclasses import replace
from tests.cast import NOON, NORTHFIELD
from tests.register.looks import account, look
from vigie.register.changes import apply_update, propose
ours = account("northfield", "northfield", "facebook", identifier="100000000000001")
found = look(replace(NORTHFIELD, wikidata=None, website=None), accounts=(ours,))
apply_update(propose(found, source="a", seen_at=NOON))
"""


def delivery(number: int) -> bytes:
    """Return one comment as Meta tells it."""
    value = {
        "item": "comment", "verb": "add", "post_id": f"{OWNER}_1", "comment_id": f"1_{number}",
        "from": {"id": "7001"}, "message": f"Question {number}", "created_time": 1790000000,
    }  # fmt: skip
    changes = [{"field": "feed", "value": value}]
    entry = {"id": OWNER, "time": 1790000000, "changes": changes}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def comments(store: Store) -> list[str]:
    found = records_of(Mention, store.table("mentions").to_pyarrow())
    return sorted(one.post for one in found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1))
def test_workers_killed_over_deliveries_keep_each_comment_once(tmp_path: Path, seed: int) -> None:
    home, chance = tmp_path / "home", random.Random(seed)
    environment = {**os.environ, "VIGIE_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([sys.executable, "-c", ENTER], env=environment, check=True, cwd=ROOT)
    store, shelf = open_store(Settings(home=home)), Shelf(home=home)
    store.replace("institutions", table_of(Institution, [replace(NORTHFIELD, wikidata=None)]))
    ours = Account(
        account="facebook:northfield", institution="northfield", network="facebook",
        identifier=OWNER,
    )  # fmt: skip
    store.replace("accounts", table_of(Account, [ours]))
    sent, before = 0, set[str]()
    for _kill in range(MOST_KILLS):
        for _number in range(DELIVERIES // MOST_KILLS + 1):
            shelf.put("meta", delivery(sent))
            sent += 1
        worker = subprocess.Popen(
            [*VIGIE, "run", "--once", "--lease", "1"], env=environment, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(chance.uniform(0.5, 8))
        worker.kill()
        worker.wait()
        assert before <= set(comments(store)), "what was kept is gone"
        before = set(comments(store))
    time.sleep(1.5)
    subprocess.run([*VIGIE, "run", "--once", "--lease", "1"], env=environment, cwd=ROOT, check=True)
    assert comments(store) == sorted(f"1_{number}" for number in range(sent))
    runs = [run for run in records_of(Run, store.table("runs").to_pyarrow())
            if run.step == "webhook"]  # fmt: skip
    assert runs
    assert all(run.read == run.kept + run.duplicate + run.refused + (run.skipped or 0)
               for run in runs)  # fmt: skip
    assert not [path for path in shelf.new.iterdir() if not path.name.startswith(".")]
    assert store.check() == []
