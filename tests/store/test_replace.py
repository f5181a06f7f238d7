from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import NORTHFIELD, SOUTHBRIDGE, post
from tests.store.keeping import SEPTEMBER, Clock, files, likes, rows
from vigie.errors import StoreError
from vigie.store.files import Files
from vigie.store.store import Store


def test_replaced_table_has_the_new_rows_only(store: Store) -> None:
    store.replace("institutions", rows(NORTHFIELD))
    store.replace("institutions", rows(SOUTHBRIDGE))
    found = store.table("institutions").select("institution").to_pyarrow()
    assert found.column(0).to_pylist() == ["southbridge"]


def test_replacing_all_months_empties_those_without_rows(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    store.replace("posts", rows(post("3")))
    assert likes(store) == {"3": 3}
    assert store.months("posts") == [date(2026, 10, 1)]


def test_replacing_with_no_rows_empties_the_table(store: Store) -> None:
    store.append("posts", rows(post("1")))
    store.replace("posts", rows(post("1")).slice(0, 0))
    assert likes(store) == {}
    assert store.fingerprints("posts") == {}


def test_empty_table_can_be_emptied_again(store: Store) -> None:
    store.append("posts", rows(post("1")))
    for _time in range(2):
        store.replace("posts", rows(post("1")).slice(0, 0))
    assert likes(store) == {}


def test_replacing_a_month_leaves_the_others(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    before = store.fingerprints("posts")
    store.replace("posts", rows(post("3")), months=[date(2026, 10, 1)])
    assert likes(store) == {"2": 3, "3": 3}
    assert store.fingerprints("posts")[date(2026, 9, 1)] == before[date(2026, 9, 1)]


def test_rows_of_other_months_than_replaced_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="2026-10"):
        store.replace("posts", rows(post("1")), months=[date(2026, 9, 1)])


def test_months_of_a_table_that_is_not_parted_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="whole"):
        store.replace("institutions", rows(NORTHFIELD), months=[date(2026, 9, 1)])


def test_several_months_change_at_once_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Files, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        store.replace("posts", rows(post("3"), post("4", published_at=SEPTEMBER)))
    assert len(files(store)) == 4
    assert likes(store) == {"1": 3, "2": 3}


def test_files_of_a_change_that_was_killed_are_removed_in_the_end(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_several_months_change_at_once_or_not_at_all(store, monkeypatch)
    clock.forward(timedelta(days=1))
    store.compact()
    assert len(files(store)) == 2


def test_replaced_rows_stay_for_earlier_readers_until_the_grace_is_over(
    store: Store, clock: Clock
) -> None:
    store.append("posts", rows(post("1")))
    earlier = store.table("posts")
    store.replace("posts", rows(post("2")))
    store.compact()
    assert earlier.select("post").to_pyarrow().column(0).to_pylist() == ["1"]
    clock.forward(timedelta(minutes=16))
    assert store.compact().removed == 1


def test_merge_that_ends_after_a_replacement_brings_nothing_back(store: Store) -> None:
    from vigie.store.compact import merge

    store.append("posts", rows(post("1")))
    store.append("posts", rows(post("2")))
    (read_before,) = store.partitions.of("posts")
    store.replace("posts", rows(post("3")))
    assert merge(store, read_before) is None
    assert likes(store) == {"3": 3}


def test_replacement_that_ends_after_a_merge_replaces_it_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vigie.store import replace
    from vigie.store.compact import merge

    store.append("posts", rows(post("1")))
    store.append("posts", rows(post("2")))
    write, merged = replace._write, []

    def merge_meanwhile(*given: object) -> str | None:
        change = write(*given)  # type: ignore[arg-type]
        if not merged:
            merged.append(merge(store, store.partitions.of("posts")[0]))
        return change

    monkeypatch.setattr(replace, "_write", merge_meanwhile)
    store.replace("posts", rows(post("3")))
    assert merged == [2]
    assert likes(store) == {"3": 3}


def test_rows_appended_right_after_a_replacement_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vigie.store import replace

    store.append("posts", rows(post("1")))
    settle = replace.settle

    def append_at_once(*given: Any, **known: Any) -> None:
        monkeypatch.setattr(replace, "settle", settle)
        settle(*given, **known)
        store.append("posts", rows(post("2")))

    monkeypatch.setattr(replace, "settle", append_at_once)
    store.replace("posts", rows(post("3")))
    assert likes(store) == {"2": 3, "3": 3}
