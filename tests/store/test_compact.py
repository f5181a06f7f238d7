from datetime import timedelta

from tests.cast import post
from tests.store.keeping import LATER, SEPTEMBER, Clock, files, likes, rows
from vigie.store.compact import merge
from vigie.store.store import Compacted, Store

NO_GRACE = timedelta(seconds=-1)


def test_compaction_merges_files_and_drops_superseded_looks(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2")))
    store.append("posts", rows(post("1", likes=9, observed_at=LATER)))
    done = store.compact(grace=NO_GRACE)
    assert done == Compacted(merged=1, dropped=1, removed=2)
    assert likes(store) == {"1": 9, "2": 3}
    assert len(files(store)) == 1


def test_compaction_leaves_single_files_alone(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    before = files(store)
    assert store.compact(grace=NO_GRACE) == Compacted()
    assert files(store) == before


def test_merged_files_stay_until_the_grace_is_over(store: Store, clock: Clock) -> None:
    store.append("posts", rows(post("1")))
    store.append("posts", rows(post("2")))
    earlier = store.table("posts")
    assert store.compact().removed == 0
    assert earlier.count().to_pyarrow().as_py() == 2
    clock.forward(timedelta(minutes=16))
    assert store.compact().removed == 2
    assert likes(store) == {"1": 3, "2": 3}


def test_rows_appended_while_merging_are_kept(store: Store) -> None:
    store.append("posts", rows(post("1")))
    store.append("posts", rows(post("2")))
    (read_before,) = store.partitions.of("posts")
    store.append("posts", rows(post("1", likes=9, observed_at=LATER), post("3")))
    merge(store, read_before)
    assert likes(store) == {"1": 9, "2": 3, "3": 3}


def test_equal_look_appended_while_merging_still_wins(store: Store) -> None:
    store.append("posts", rows(post("1", likes=1)))
    store.append("posts", rows(post("1", likes=2)))
    (read_before,) = store.partitions.of("posts")
    store.append("posts", rows(post("1", likes=5)))
    merge(store, read_before)
    assert likes(store) == {"1": 5}


def test_two_merges_at_once_double_nothing(store: Store) -> None:
    store.append("posts", rows(post("1")))
    store.append("posts", rows(post("2")))
    (read_before,) = store.partitions.of("posts")
    merge(store, read_before)
    merge(store, read_before)
    assert likes(store) == {"1": 3, "2": 3}
    store.compact(grace=NO_GRACE)
    assert len(files(store)) == 1
    assert likes(store) == {"1": 3, "2": 3}


def test_import_again_after_compaction_adds_nothing(store: Store) -> None:
    old, new = rows(post("1")), rows(post("1", likes=9, observed_at=LATER))
    store.append("posts", old)
    store.append("posts", new)
    store.compact(grace=NO_GRACE)
    assert store.append("posts", old).kept == 0
    assert store.append("posts", new).kept == 0


def test_what_a_killed_writer_left_is_removed_after_hours(store: Store) -> None:
    import os

    store.append("posts", rows(post("1")))
    orphan = files(store)[0].with_name(".tmp-left")
    orphan.write_bytes(b"half")
    store.compact()
    assert orphan.exists()
    os.utime(orphan, (1, 1))
    assert store.compact().removed == 1
    assert not orphan.exists()
