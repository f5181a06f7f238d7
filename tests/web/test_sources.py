"""A file is sent, looked at, imported and reconciled."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client

from vigie.settings import Settings
from vigie.store.store import Store
from vigie.web.received import DONE, FAILED, IMPORTING, SILENCE, Received, Shelf

POSTS = (
    "network,post,account,published_at,text,likes\n"
    "bluesky,1,bluesky:northfield.example,2026-09-30T10:00:00Z,The library opens,3\n"
    "bluesky,2,bluesky:northfield.example,2026-09-30T11:00:00Z,=danger(),4\n"
    "bluesky,3,bluesky:northfield.example,not a date,Third,5\n"
)
UNKNOWN = "colour,size\nred,3\nblue,4\n"
FOREIGN = (
    "Tweet number,Sent on,Words,Hearts\nt1,2026-09-30 10:00,Hello,3\nt2,2026-09-30 11:00,Again,4\n"
)


def send(client: Client, content: str | bytes, name: str = "posts.csv") -> str:
    """Send a file; return the address of what was received."""
    raw = content.encode() if isinstance(content, str) else content
    file = BytesIO(raw)
    file.name = name
    response = client.post("/sources/", {"file": file})
    assert response.status_code == 302, response.text
    return str(response["Location"])


def finish(settings: Settings, address: str) -> Received:
    """Wait for an import to end."""
    name = address.strip("/").split("/")[-1]
    until = time.monotonic() + 20
    while time.monotonic() < until:
        received = Shelf(settings.home).find(name)
        if received.state in (DONE, FAILED):
            return received
        time.sleep(0.02)
    pytest.fail(f"the import did not end: {received}")


@pytest.fixture
def imported(alice: Client, settings: Settings, cast: Store) -> str:
    """The address of a file that was imported."""
    address = send(alice, POSTS)
    alice.post(address, {"do": "import"})
    finish(settings, address)
    return address


def test_file_is_recognised_and_its_first_rows_are_shown(alice: Client) -> None:
    page = alice.get(send(alice, POSTS)).text
    assert "The library opens" in page
    assert "Import it" in page


def test_nothing_is_kept_before_it_was_seen(alice: Client, store: Store) -> None:
    alice.get(send(alice, POSTS))
    assert store.table("posts").count().to_pyarrow().as_py() == 0


def test_import_ends_with_its_reconciliation(alice: Client, imported: str) -> None:
    page = alice.get(imported).text
    assert "3 rows read = 2 kept + 0 already known + 1 refused" in page


def test_imported_rows_are_in_the_store(alice: Client, store: Store, imported: str) -> None:
    assert store.table("posts").count().to_pyarrow().as_py() == 2


def test_file_that_was_read_is_thrown_away(settings: Settings, imported: str) -> None:
    kept = [path.name for path in (settings.home / "received").rglob("*") if path.is_file()]
    assert kept == ["state.json"]


def test_refused_rows_come_back_with_their_reason(alice: Client, imported: str) -> None:
    run = alice.get(imported).text.split("/sources/runs/")[1].split("/")[0]
    response = alice.get(f"/sources/runs/{run}/refused/")
    body = b"".join(response.streaming_content).decode()
    assert "not a date" in body


def test_runs_are_listed_with_their_counts(alice: Client, imported: str) -> None:
    page = alice.get("/sources/").text
    assert "posts.csv" in page
    assert "1 rows" in page


def test_same_file_again_doubles_nothing(
    alice: Client, settings: Settings, store: Store, imported: str
) -> None:
    again = send(alice, POSTS)
    alice.post(again, {"do": "import"})
    assert finish(settings, again).result["duplicate"] == 2
    assert store.table("posts").count().to_pyarrow().as_py() == 2


def test_file_of_no_known_format_is_asked_about(alice: Client) -> None:
    page = alice.get(send(alice, UNKNOWN)).text
    assert "What do the columns of posts.csv mean?" in page
    assert "<option>colour</option>" in page


def test_meaning_of_columns_is_kept_for_the_next_file(alice: Client) -> None:
    address = send(alice, FOREIGN)
    given = {
        "do": "map", "table": "posts", "column-post": "Tweet number", "column-text": "Words",
        "column-published_at": "Sent on", "column-likes": "Hearts",
        "network": "x", "account": "northfield",
    }  # fmt: skip
    assert alice.post(address, given).status_code == 302
    assert "Import it" in alice.get(address).text
    assert "Import it" in alice.get(send(alice, FOREIGN, "later.csv")).text


def test_mapping_that_names_no_account_is_asked_again(alice: Client) -> None:
    given = {"do": "map", "table": "posts", "column-post": "Tweet number"}
    response = alice.post(send(alice, FOREIGN), given)
    assert response.status_code == 422
    assert "names the account" in response.text


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"\x00" * 200])
def test_file_that_is_no_table_is_refused_in_words(alice: Client, content: bytes) -> None:
    page = alice.get(send(alice, content, "posts.csv"))
    assert page.status_code == 200
    assert "cannot be read" in page.text
    assert "Import it" not in page.text


def test_empty_file_is_refused_at_once(alice: Client) -> None:
    response = alice.post("/sources/", {"file": BytesIO(b"")})
    assert response.status_code == 422


def test_no_file_is_refused_at_once(alice: Client) -> None:
    assert alice.post("/sources/", {}).status_code == 422


def test_file_past_the_limit_is_refused_and_leaves_nothing(
    alice: Client, settings: Settings
) -> None:
    object.__setattr__(settings, "upload_limit", 0)
    response = alice.post("/sources/", {"file": BytesIO(b"a,b\n1,2\n")})
    assert "larger than 0 MB" in response.text
    assert "vigie import FILE" in response.text
    assert not (settings.home / "received").exists()


def test_file_can_be_thrown_away(alice: Client, settings: Settings) -> None:
    address = send(alice, POSTS)
    alice.post(address, {"do": "drop"})
    assert list((settings.home / "received").iterdir()) == []
    assert alice.get(address).status_code == 400


def test_import_that_died_says_so_and_can_be_begun_again(alice: Client, settings: Settings) -> None:
    address = send(alice, POSTS)
    shelf = Shelf(settings.home)
    received = shelf.find(address.strip("/").split("/")[-1])
    long_ago = (datetime.now(UTC) - timedelta(seconds=SILENCE + 1)).isoformat()
    changed = {**vars(received), "state": IMPORTING, "heard_at": long_ago}
    shelf.note(Received(**changed))
    assert "was cut short" in alice.get(address).text
    alice.post(address, {"do": "import"})
    assert finish(settings, address).state == DONE


def test_page_of_a_working_import_asks_again_by_itself(alice: Client, settings: Settings) -> None:
    address = send(alice, POSTS)
    shelf = Shelf(settings.home)
    received = shelf.find(address.strip("/").split("/")[-1])
    shelf.change(received, state=IMPORTING, rows=10, total=40, left=3.0)
    page = alice.get(address).text
    assert 'hx-trigger="every 1s"' in page
    assert "10 rows read of about 40. About 3 seconds left." in page


@pytest.mark.parametrize("name", ["..%2F..%2Fetc", "0123", "ffffffffffffffff"])
def test_name_of_nothing_received_is_refused(alice: Client, name: str) -> None:
    assert alice.get(f"/sources/received/{name}/").status_code in (400, 404)


def test_refused_rows_of_no_run_are_nowhere(alice: Client) -> None:
    assert alice.get("/sources/runs/none/refused/").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (POSTS.encode("utf-8-sig"), "letters of UTF-8-SIG, its cells parted by commas"),
        (FOREIGN.replace(",", ";").replace("Hello", "Déjà l’été à l’université").encode("cp1252"),
         "letters of CP1252, its cells parted by semicolons"),
    ],
    ids=["known", "unknown"],
)  # fmt: skip
def test_page_says_in_which_letters_and_with_which_separator_a_file_was_read(
    alice: Client, content: bytes, said: str
) -> None:
    assert said in alice.get(send(alice, content)).text
