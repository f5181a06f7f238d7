from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import ACCOUNTS, NORTHFIELD_BLUESKY, post
from tests.listening import at_random
from tests.listening.saying import label, mention
from tests.listening.slow_and_obvious import Text, is_caught
from vigie.columns import table_of
from vigie.errors import QueryError
from vigie.listening import concordance_writing
from vigie.listening.concordance import Concordance
from vigie.listening.query import Query, parse
from vigie.listening.texts import texts
from vigie.model import Account, Label, Mention, Post
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

AUGUST = datetime(2026, 8, 15, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(str(tmp_path / "store"), engine=DuckdbEngine())
    made.append("accounts", table_of(Account, ACCOUNTS))
    return made


@pytest.fixture
def concordance(store: Store, tmp_path: Path) -> Concordance:
    return Concordance(store=store, folder=tmp_path / "concordance")


def keep(store: Store, *rows: Post | Mention | Label) -> None:
    for kind in (Post, Mention, Label):
        found = [row for row in rows if isinstance(row, kind)]
        if found:
            store.append(kind.table, table_of(kind, found))


def found(concordance: Concordance, query: str, **days: date) -> set[str]:
    return set(concordance.find(parse(query), **days).keys()["post"].to_pylist())


# ── it answers what reading every text answers ────────────────────────────────────────


def as_stored(number: int, text: Text) -> list[Post | Mention | Label]:
    """Return a random text as rows of the store: what the store cannot hold is left out."""
    row, name = text.row, str(number)
    day = row["published_on"]
    about = {
        "network": row["network"], "post": name, "text": row["text"], "url": row["url"],
        "published_on": day, "published_at": datetime(day.year, day.month, day.day, tzinfo=UTC),
        "language": row["language"],
    }  # fmt: skip
    labels: list[Post | Mention | Label] = [
        replace(label(question, *row[column], post=name, published_on=day), network=row["network"])
        for question, column in (
            ("intent", "intents"), ("service", "services"), ("entities", "entities"),
            ("urgency", "urgency"),
        )
        if row[column] is not None
    ]  # fmt: skip
    if row["origin"] == "own":
        images = None if row["has_image"] is None else int(row["has_image"])
        own = post(kind=row["kind"], images=images, is_reply=row["is_reply"],
                   is_repost=row["is_repost"], account=NORTHFIELD_BLUESKY)  # fmt: skip
        return [replace(own, **about), *labels]
    subjects = row["subjects"] or ["nobody"]
    return [replace(mention(subject=one), **about) for one in subjects] + labels


drawn = given(
    texts_of=st.lists(at_random.texts, min_size=5, max_size=9),
    queries=st.lists(at_random.queries, min_size=6, max_size=6),
    most=st.sampled_from([3, 1000]),
)


@drawn
@settings(max_examples=3, deadline=None)
def test_it_answers_what_every_text_answers(
    texts_of: list[Text], queries: list, most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_answers(texts_of, queries, most, tmp_path_factory)


@pytest.mark.slow
@drawn
@settings(max_examples=30, deadline=None)
def test_it_answers_what_every_text_answers_many_times(
    texts_of: list[Text], queries: list, most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_answers(texts_of, queries, most, tmp_path_factory)


def check_answers(
    texts_of: list[Text], queries: list, most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("random")
    store = Store(str(folder / "store"), engine=DuckdbEngine())
    store.append("accounts", table_of(Account, ACCOUNTS))
    keep(store, *(row for number, text in enumerate(texts_of) for row in as_stored(number, text)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(concordance_writing, "POSTS_OF_A_PART", most)
        concordance = Concordance(store=store, folder=folder / "concordance")
        concordance.refresh()
    rows = texts(store.tables(("posts", "mentions", "labels", "accounts"))).to_pyarrow().to_pylist()
    stored = [Text(texts_of[int(row["post"])].chunks, _known(row)) for row in rows]
    for query in queries:
        expected = {row["post"] for row, text in zip(rows, stored, strict=True)
                    if is_caught(query, text)}  # fmt: skip
        assert found(concordance, str(query)) == expected, str(query)


def _known(row: dict) -> dict:
    return {name: value for name, value in row.items() if name != "text"}


@pytest.mark.parametrize("text", ["0Ⓐ", "Vigie™", "№5", "a℃b"])
def test_sign_that_stands_for_letters_belongs_to_no_word(
    store: Store, concordance: Concordance, text: str
) -> None:
    keep(store, mention("0", text=text))
    word = text.strip("Ⓐ™№").split("℃")[0]
    for query in (word, f"raw:{word}", f'raw:"{text}"'):
        assert found(concordance, query) == {"0"}, query


@pytest.mark.slow
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
@settings(max_examples=20, deadline=None)
def test_any_letters_are_found_as_they_are_read(
    tmp_path_factory: pytest.TempPathFactory, written: Sequence[str]
) -> None:
    folder = tmp_path_factory.mktemp("letters")
    store = Store(str(folder / "store"), engine=DuckdbEngine())
    whole = [text.encode("utf-8", "replace").decode() for text in written]
    keep(store, *(mention(str(n), text=text) for n, text in enumerate(whole)))
    concordance = Concordance(store=store, folder=folder / "concordance")
    words = [word.replace('"', "") for text in whole for word in text.split()][:3]
    for query in (f'{field}"{word}"' for word in words for field in ("", "raw:")):
        with suppress(QueryError):  # it may hold no letter to look for
            asked = parse(query)
            expected = {str(n) for n, one in enumerate(whole)
                        if asked.matches({"text": one, "url": None})}  # fmt: skip
            assert found(concordance, query) == expected


# ── it follows the store ──────────────────────────────────────────────────────────────


def test_new_posts_are_found_and_only_their_month_is_made_anew(
    store: Store, concordance: Concordance
) -> None:
    keep(store, post("1", text="un bug"), post("2", text="un bug", published_at=AUGUST))
    assert found(concordance, "bug") == {"1", "2"}
    keep(store, post("3", text="encore un bug"))
    assert list(concordance.stale()) == [date(2026, 10, 1)]
    assert found(concordance, "bug") == {"1", "2", "3"}


def test_new_labels_are_found_without_reading_the_words_again(
    store: Store, concordance: Concordance, tmp_path: Path
) -> None:
    keep(store, mention("1", text="un bug"))
    assert found(concordance, "bug tone:negative") == set()
    before = words_of(tmp_path)
    keep(store, label("tone", "negative", post="1"))
    assert found(concordance, "bug tone:negative") == {"1"}
    assert words_of(tmp_path) == before


def words_of(folder: Path) -> dict[str, int]:
    return {
        path.name: path.stat().st_mtime_ns
        for path in (folder / "concordance").rglob("*.p*.parquet")
        if ".facts." not in path.name
    }


def test_what_is_forgotten_is_in_none_of_its_files(
    store: Store, concordance: Concordance, tmp_path: Path
) -> None:
    keep(store, mention("1", text="secretword here"), mention("2", text="another"))
    assert found(concordance, "secretword") == {"1"}
    store.forget(network="bluesky", post="1")
    concordance.drop_stale()
    assert not list((tmp_path / "concordance").rglob("*.parquet"))
    assert found(concordance, "secretword") == set()
    assert found(concordance, "another") == {"2"}


def test_what_was_half_written_by_a_killed_process_is_no_hindrance(
    store: Store, concordance: Concordance, tmp_path: Path
) -> None:
    keep(store, mention("1", text="un bug"))
    found(concordance, "bug")
    for mark in (tmp_path / "concordance").rglob("*.json"):
        mark.unlink()
    for path in (tmp_path / "concordance").rglob("*.terms.parquet"):
        path.unlink()
    assert found(concordance, "bug") == {"1"}


def test_more_than_it_may_read_at_once_is_named_not_left_out_in_silence(
    store: Store, concordance: Concordance
) -> None:
    keep(store, *(mention(str(n), text="un bug") for n in range(5)))
    keep(store, mention("9", text="un bug", published_at=AUGUST))
    partly = concordance.find(parse("bug"), most=3)
    assert partly.missing == (date(2026, 10, 1),)
    assert partly.count == 1
    assert concordance.find(parse("bug")).count == 6


# ── what it says of what it caught ────────────────────────────────────────────────────


def test_posts_are_counted_by_what_is_known_of_them(store: Store, concordance: Concordance) -> None:
    keep(store, mention("1", text="bug"), mention("2", text="bug", network="x"))
    keep(
        store, mention("3", text="bug", published_at=AUGUST), label("intent", "question", post="1")
    )
    caught = concordance.find(parse("bug"))
    assert caught.counts("network") == {("bluesky",): 2, ("x",): 1}
    assert caught.counts("published_on", "network")[AUGUST.date(), "bluesky"] == 1
    assert caught.counts("intents") == {(("question",),): 1, (None,): 2}


def test_days_bound_what_is_found(store: Store, concordance: Concordance) -> None:
    keep(store, mention("1", text="bug"), mention("2", text="bug", published_at=AUGUST))
    assert found(concordance, "bug", since=date(2026, 9, 1)) == {"1"}
    assert found(concordance, "bug", until=date(2026, 9, 1)) == {"2"}
    assert concordance.find(parse("bug until:2026-09")).read == 1


def test_newest_posts_come_first(store: Store, concordance: Concordance) -> None:
    moments = [datetime(2026, month, 1, 12, tzinfo=UTC) for month in (8, 9, 10)]
    keep(store, *(mention(str(n), text="bug", published_at=at) for n, at in enumerate(moments)))
    newest = concordance.find(parse("bug")).newest(2)
    assert newest["post"].to_pylist() == ["2", "1"]


def test_nothing_stored_is_nothing_found(concordance: Concordance) -> None:
    caught = concordance.find(Query(parse("bug").node))
    assert (caught.count, caught.read, caught.keys().num_rows) == (0, 0, 0)
