import json
from pathlib import Path

import pytest

from tests.cast import ACCOUNTS, NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY, post, snapshot
from tests.store.keeping import LATER, SEPTEMBER, files, likes, rows, shorten, together
from vigie.errors import StoreError
from vigie.store import forget as forgetting
from vigie.store.compact import merge
from vigie.store.store import Appended, Store

NORTHFIELD = NORTHFIELD_BLUESKY.account


@pytest.fixture
def observed(store: Store) -> Store:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    store.append("posts", rows(post("3", account=SOUTHBRIDGE_BLUESKY)))
    store.append("snapshots", rows(snapshot(), snapshot(account=SOUTHBRIDGE_BLUESKY)))
    store.replace("accounts", rows(*ACCOUNTS))
    return store


def everything(store: Store) -> bytes:
    return b"".join(path.read_bytes() for path in files(store, "**/*") if path.is_file())


def test_account_is_erased_from_every_table(observed: Store) -> None:
    receipt = observed.forget(account=NORTHFIELD)
    assert likes(observed) == {"3": 3}
    assert together(["snapshots", "accounts"], observed) == {"snapshots": 1, "accounts": 1}
    assert {name: count for name, count in receipt.erased.items() if count} == {
        "posts": 2,
        "snapshots": 1,
        "accounts": 1,
    }


def test_post_is_erased_and_no_other(observed: Store) -> None:
    erased = observed.forget(network="bluesky", post="1").erased
    assert {name: rows for name, rows in erased.items() if rows} == {"posts": 1}
    assert set(likes(observed)) == {"2", "3"}


def test_erased_words_are_in_no_file_any_more(store: Store) -> None:
    secret = "Une phrase très privée, à oublier."
    store.append("posts", rows(post("1", text=secret), post("2")))
    store.append("posts", rows(post("1", text=secret, likes=9, observed_at=LATER)))
    store.compact()
    store.forget(network="bluesky", post="1")
    found = files(store)
    assert found
    assert all(b"priv" not in path.read_bytes() for path in found)
    assert likes(store) == {"2": 3}


def test_what_was_forgotten_does_not_come_back_on_import(observed: Store) -> None:
    observed.forget(account=NORTHFIELD)
    again = rows(post("1"), post("9"), post("4", account=SOUTHBRIDGE_BLUESKY))
    assert observed.append("posts", again) == Appended(kept=1, forgotten=2)
    assert set(likes(observed)) == {"3", "4"}
    observed.replace("accounts", rows(*ACCOUNTS))
    assert together(["accounts"], observed) == {"accounts": 1}


def test_kept_receipt_names_nobody(observed: Store) -> None:
    receipt = observed.forget(account=NORTHFIELD)
    (path,) = files(observed, "receipts/*.json")
    assert receipt.asked == {"account": NORTHFIELD}
    assert "northfield" not in path.read_text()
    assert json.loads(path.read_text())["erased"]["posts"] == 2


def test_forgetting_what_is_not_there_gives_a_receipt_of_nothing(observed: Store) -> None:
    receipt = observed.forget(account="x:nobody")
    assert (sum(receipt.erased.values()), receipt.files) == (0, 0)


@pytest.mark.parametrize("where", [{}, {"colour": "red"}])
def test_forgetting_by_unknown_columns_is_refused(store: Store, where: dict[str, str]) -> None:
    with pytest.raises(StoreError, match="account"):
        store.forget(**where)


def test_receipt_names_the_files_that_could_not_be_searched(observed: Store) -> None:
    cut = files(observed)[0]
    shorten(cut)
    assert observed.forget(account=NORTHFIELD).unread == (str(cut),)
    observed.repair()
    (aside,) = observed.forget(account="x:other").unread
    assert Path(aside).name == cut.name


def test_merge_that_ends_after_a_forgetting_brings_nothing_back(observed: Store) -> None:
    read_before = observed.partitions.of("posts")[1]
    observed.forget(network="bluesky", post="1")
    assert merge(observed, read_before) is None
    assert set(likes(observed)) == {"2", "3"}


def test_intake_begun_before_a_forgetting_brings_nothing_back(observed: Store) -> None:
    with observed.intake() as intake:
        intake.add("posts", rows(post("8"), post("9", account=SOUTHBRIDGE_BLUESKY)))
        observed.forget(account=NORTHFIELD)
        intake.commit()
    assert set(likes(observed)) == {"3", "9"}


def test_order_of_equal_looks_survives_a_forgetting(store: Store) -> None:
    store.append("posts", rows(post("1", likes=1), post("2")))
    store.append("posts", rows(post("1", likes=5)))
    store.forget(network="bluesky", post="2")
    assert likes(store) == {"1": 5}


def test_damaged_receipt_stops_imports_rather_than_bring_something_back(observed: Store) -> None:
    observed.forget(account=NORTHFIELD)
    shorten(files(observed, "receipts/*.json")[0])
    with pytest.raises(StoreError, match="receipt"):
        observed.append("posts", rows(post("1")))


def test_forgetting_looks_again_until_nothing_is_left(observed: Store) -> None:
    assert forgetting.ROUNDS > 1
    observed.forget(account=NORTHFIELD)
    again = forgetting.Erased()
    forgetting.erase(observed, forgetting._named_by({"account": NORTHFIELD}), again)
    assert again.files == 0
