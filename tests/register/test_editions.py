"""The three editions of the French register, one after the other, as updates."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from tests.collect.expected import context_of
from vigie.collect.recognising import recognise
from vigie.register import changes, models
from vigie.register.applying import apply
from vigie.register.contents import Covered, Register, register_of
from vigie.register.difference import Difference, difference

pytestmark = pytest.mark.django_db

YEARS = (2023, 2024, 2025)


def edition(folder: Path, name: str) -> Register:
    found = recognise(folder / name)
    parsed = [found.importer.parse(batch, context_of({}))
              for batch in found.importer.read(found.sample)]  # fmt: skip
    names = {name for one in parsed for name in one.tables}
    return register_of(
        {name: pa.concat_tables(one.tables[name] for one in parsed if name in one.tables)
         for name in names}
    )  # fmt: skip


@pytest.fixture(scope="module")
def editions() -> dict[int, Register]:
    folder = Path(__file__).parents[2] / ".." / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real files (../shared/data) is not beside the project")
    return {year: edition(folder, f"registry-fr-{year}.csv") for year in YEARS}


@pytest.fixture(scope="module")
def differences(editions: dict[int, Register]) -> dict[int, Difference]:
    register, found = Register(), {}
    for year in YEARS:
        day = datetime(year, 12, 1, tzinfo=UTC).date()
        found[year] = difference(register, editions[year], seen_on=day)
        register = apply(register, [i for i in found[year].items if not i.is_question]).register
    return found


def test_items_of_each_edition_are_as_many_as_seen_by_hand(
    differences: dict[int, Difference],
) -> None:
    counts = {year: found.counts() for year, found in differences.items()}
    assert counts[2023] == {"new": 249, "conflict": 1}
    assert counts[2024] == {
        "changed": 235, "students": 105, "account_new": 55, "account_gone": 11, "renamed": 8,
        "new": 3, "closed": 1, "conflict": 1, "ambiguous": 2,
    }  # fmt: skip
    assert counts[2025] == {
        "changed": 31, "account_gone": 25, "account_new": 10, "renamed": 7, "closed": 5,
        "conflict": 1,
    }  # fmt: skip


def test_names_that_vanish_are_all_accounted_for(
    editions: dict[int, Register], differences: dict[int, Difference]
) -> None:
    before = {row.name for row in editions[2024].institutions}
    after = {row.name for row in editions[2025].institutions}
    renamed = {(i.old, i.new) for i in differences[2025].items if i.kind == "renamed"}
    closed = {i.name for i in differences[2025].items if i.kind == "closed"}
    assert (len(before - after), len(after - before)) == (12, 7)
    assert {old for old, _new in renamed} | closed == before - after
    assert {new for _old, new in renamed} == after - before


def test_renamed_universities_of_2025_are_found_by_their_former_code(
    differences: dict[int, Difference],
) -> None:
    found = {i.new: i.old for i in differences[2025].items if i.evidence == "former_uai"
             and i.kind == "renamed"}  # fmt: skip
    assert found["Université Bourgogne Europe"] == "Université de Bourgogne"
    assert found["Université de Brest"] == "Université de Bretagne Occidentale"
    assert len(found) == 6


def test_heirs_without_a_common_code_are_left_to_a_person(
    differences: dict[int, Difference],
) -> None:
    found = [(i.name, i.other_name) for i in differences[2024].items if i.kind == "ambiguous"]
    assert found == [
        ("École nationale d'ingénieurs de Tarbes",
         "Université de technologie Tarbes Occitanie Pyrénées"),
        ("Itescia", "ESIEE-IT"),
    ]  # fmt: skip


def test_account_of_two_schools_is_a_question(differences: dict[int, Difference]) -> None:
    (item,) = [i for i in differences[2023].items if i.kind == "conflict"]
    assert item.accounts[0].account == "youtube:esilvparis"


def test_editions_follow_each_other_in_the_database(editions: dict[int, Register]) -> None:
    for year in YEARS:
        seen = datetime(year, 12, 1, tzinfo=UTC)
        done = changes.apply_update(
            changes.propose(editions[year], source="register_fr", seen_at=seen)
        )
        assert done.refused == ()
    kept = models.Institution.objects
    assert (kept.count(), kept.filter(closed_on__isnull=True).count()) == (252, 245)
    again = changes.propose(editions[2025], source="register_fr")
    pending = models.UpdateItem.objects.filter(update=again)
    assert set(pending.values_list("kind", flat=True)) <= {"conflict"}


@pytest.mark.slow
def test_250_institutions_are_applied_in_three_seconds(editions: dict[int, Register]) -> None:
    begin = time.process_time()
    changes.apply_update(changes.propose(editions[2024], source="register_fr"))
    assert time.process_time() - begin < 3


@pytest.mark.slow
def test_10_000_institutions_are_applied_in_a_minute(
    editions: dict[int, Register], shared_data: Path
) -> None:
    changes.apply_update(changes.propose(editions[2025], source="register_fr"))
    world = edition(shared_data, "universities-world.json")
    begin = time.process_time()
    done = changes.apply_update(changes.propose(world, source="world_list"))
    assert time.process_time() - begin < 60
    assert done.counts["new"] > 10_000


def test_world_list_never_renames_or_closes_what_the_ministry_brought(
    editions: dict[int, Register],
) -> None:
    register = editions[2025]
    other = Register(
        institutions=tuple(row for row in register.institutions if row.kind == "university")
    )
    assert difference(register, other, seen_on=datetime(2025, 12, 1, tzinfo=UTC).date(),
                      covered=Covered()).items == ()  # fmt: skip
