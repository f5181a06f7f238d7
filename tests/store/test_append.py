from dataclasses import fields, replace
from datetime import date, timedelta

import pyarrow as pa
import pytest

from tests.cast import NOON, NORTHFIELD, NORTHFIELD_2025, post, snapshot
from tests.store.keeping import LATER, NOVEMBER, SEPTEMBER, files, likes, posts, rows
from vigie.errors import StoreError
from vigie.model import AccountDay, Post
from vigie.store.files import Staged
from vigie.store.store import Appended, Store

LIKES = [field.name for field in fields(Post)].index("likes")


def test_table_without_files_is_empty_and_has_every_column(store: Store) -> None:
    table = store.table("posts").to_pyarrow()
    assert table.num_rows == 0
    assert table.column_names == [field.name for field in fields(Post)]


def test_appended_posts_are_read_back_as_they_were(store: Store) -> None:
    given = [post("1", text="« Été » 𝐆𝐫𝐚𝐬\nnew line"), post("2", likes=None)]
    store.append("posts", rows(*given))
    assert posts(store) == given


def test_lists_are_read_back_as_they_were(store: Store) -> None:
    store.append("institutions", rows(NORTHFIELD))
    (found,) = store.table("institutions").to_pyarrow().to_pylist()
    assert found["aliases"] == list(NORTHFIELD.aliases)


def test_second_append_of_the_same_rows_adds_nothing(store: Store) -> None:
    given = rows(post("1"), post("2", published_at=SEPTEMBER))
    assert store.append("posts", given) == Appended(kept=2)
    before = files(store)
    assert store.append("posts", given) == Appended(duplicate=2)
    assert files(store) == before


def test_newest_look_is_read(store: Store) -> None:
    store.append("posts", rows(post("1", likes=3)))
    store.append("posts", rows(post("1", likes=9, observed_at=LATER)))
    assert likes(store) == {"1": 9}


def test_older_look_that_comes_later_changes_nothing(store: Store) -> None:
    store.append("posts", rows(post("1", likes=9, observed_at=LATER)))
    assert store.append("posts", rows(post("1", likes=3))) == Appended(duplicate=1)
    assert likes(store) == {"1": 9}


def test_later_look_that_saw_the_same_is_a_duplicate(store: Store) -> None:
    store.append("posts", rows(post("1", source="a", run="1")))
    again = rows(post("1", source="b", run="2", observed_at=LATER))
    assert store.append("posts", again) == Appended(duplicate=1)


def test_metric_that_becomes_known_is_a_new_look(store: Store) -> None:
    store.append("posts", rows(post("1", views=None)))
    assert store.append("posts", rows(post("1", views=5, observed_at=LATER))).kept == 1


def test_look_that_does_not_say_what_a_post_answers_leaves_it_as_it_was_known(store: Store) -> None:
    seen = post("1", thread="root", answers_to="parent")
    store.append("posts", rows(seen))
    silent = replace(seen, thread=None, answers_to=None, observed_at=LATER)
    assert store.append("posts", rows(silent)) == Appended(duplicate=1)
    store.append("posts", rows(replace(silent, likes=9)))
    (found,) = posts(store)
    assert (found.likes, found.thread, found.answers_to) == (9, "root", "parent")


def test_of_looks_of_the_same_moment_the_last_appended_is_read(store: Store) -> None:
    for count in (3, 9, 4):
        store.append("posts", rows(post("1", likes=count)))
    assert likes(store) == {"1": 4}


def test_of_rows_of_one_append_the_newest_look_then_the_last_row_is_kept(store: Store) -> None:
    given = rows(
        post("1", likes=9, observed_at=LATER), post("1", likes=3), post("2", likes=1), post("2")
    )
    assert store.append("posts", given) == Appended(kept=2, duplicate=2)
    assert likes(store) == {"1": 9, "2": 3}


def test_key_with_an_unknown_part_is_still_one_key(store: Store) -> None:
    day = AccountDay(
        network="x", account="x:a", day=NOON.date(), observed_at=NOON, impressions=5, source=None
    )
    store.append("account_days", rows(day))
    assert store.append("account_days", rows(day)) == Appended(duplicate=1)


def test_asked_months_alone_are_read(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    found = store.table("posts", months=[date(2026, 9, 30)]).select("post").to_pyarrow()
    assert found.column("post").to_pylist() == ["2"]
    assert store.months("posts") == [date(2026, 9, 1), date(2026, 10, 1)]


def test_months_do_not_matter_to_a_table_that_is_not_parted(store: Store) -> None:
    store.append("enrolments", rows(NORTHFIELD_2025))
    found = store.tables(["enrolments", "posts"], months=[date(2020, 1, 1)])
    assert found["enrolments"].count().to_pyarrow().as_py() == 1


def test_intake_of_several_tables_is_seen_only_once_committed(store: Store) -> None:
    with store.intake() as intake:
        intake.add("posts", rows(post("1")))
        intake.add("snapshots", rows(snapshot()))
        intake.add("posts", rows(post("2")))
        assert likes(store) == {}
        kept = intake.commit()
    assert kept == {"posts": Appended(kept=2), "snapshots": Appended(kept=1)}


def test_intake_left_without_commit_adds_nothing_and_leaves_no_trace(store: Store) -> None:
    with store.intake() as intake:
        intake.add("posts", rows(post("1")))
    assert likes(store) == {}
    assert files(store, "*") == []


def test_append_changes_the_fingerprint_of_its_month_only(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    before = store.fingerprints("posts")
    store.append("posts", rows(post("3")))
    after = store.fingerprints("posts")
    assert [month for month in after if after[month] != before[month]] == [date(2026, 10, 1)]


def test_append_of_new_keys_costs_readers_no_comparison(store: Store) -> None:
    store.append("posts", rows(post("1")))
    store.append("posts", rows(post("2")))
    (partition,) = store.partitions.of("posts")
    assert partition.files[0].name in partition.files[1].footer.apart
    assert set(likes(store)) == {"1", "2"}


def test_appends_that_did_not_know_of_each_other_are_read_once(store: Store) -> None:
    with store.intake() as one, store.intake() as other:
        one.add("posts", rows(post("1")))
        other.add("posts", rows(post("1")))
        one.commit()
        # As if it had listed the files before the first was there.
        store.partitions.of = lambda *_given: []  # type: ignore[method-assign]
        other.commit()
        del store.partitions.of
    assert len(files(store)) == 2
    assert likes(store) == {"1": 3}


def test_many_small_appends_are_merged_by_themselves(store: Store) -> None:
    for number in range(20):
        store.append("posts", rows(post(str(number))))
    assert len(likes(store)) == 20
    assert len(store.partitions.one("posts", date(2026, 10, 1)).files) < 16


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (rows(post()).drop_columns(["account"]), "account"),
        (rows(post()).append_column("retweets", pa.array([1])), "retweets"),
        (rows(post()).append_column("likes", pa.array([1])), "likes twice"),
        (rows(post()).set_column(LIKES, "likes", pa.array(["many"])), "likes .* must hold int64"),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_the_column(
    store: Store, given: pa.Table, words: str
) -> None:
    with pytest.raises(StoreError, match=words):
        store.append("posts", given)


def test_unknown_table_is_refused_with_the_nearest(store: Store) -> None:
    with pytest.raises(StoreError, match="posts"):
        store.table("post")


def test_far_address_keeps_the_same_promises(far_store: Store) -> None:
    far_store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    far_store.append("posts", rows(post("1", likes=9, observed_at=LATER)))
    far_store.compact(grace=timedelta(0))
    assert likes(far_store) == {"1": 9, "2": 3}
    far_store.replace("posts", rows(post("3")))
    assert likes(far_store) == {"3": 3}
    assert far_store.check() == []


@pytest.mark.parametrize("ended", [0, 1, 2])
def test_append_ended_between_two_files_is_completed_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch, ended: int
) -> None:
    given = rows(post("1"), post("2", published_at=SEPTEMBER), post("3", published_at=NOVEMBER))
    publish, published = Staged.publish, list[str]()

    def publish_some(staged: Staged) -> None:
        if len(published) == ended:
            raise KeyboardInterrupt
        publish(staged)
        published.append(staged.path)

    with monkeypatch.context() as patched:
        patched.setattr(Staged, "publish", publish_some)
        with pytest.raises(KeyboardInterrupt):
            store.append("posts", given)
    assert len(likes(store)) == ended
    assert store.append("posts", given) == Appended(kept=3 - ended, duplicate=ended)
    assert store.append("posts", given) == Appended(duplicate=3)
    assert files(store, "**/.tmp-*") == []
