"""A newer look at the register becomes differences a person decides, one by one."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.test import Client

from tests.cast import EASTMERE, NORTHFIELD, SOUTHBRIDGE
from vigie.register.changes import apply_update, propose, read_register
from vigie.register.contents import Register
from vigie.register.models import Update, UpdateItem
from vigie.store.store import Store

TABLE = (
    "name,country,kind,uai,website\n"
    "Northfield University,FR,university,0990001A,https://www.northfield.example/\n"
    "Westhaven University,FR,university,0990009Z,https://www.westhaven.example/\n"
)


@pytest.fixture
def kept(alice: Client) -> int:
    """The number of an update: a name changed, two institutions are new, one is gone."""
    apply_update(propose(Register(institutions=(NORTHFIELD, EASTMERE)), source="ministry"))
    renamed = replace(NORTHFIELD, name="University of Northfield")
    new = replace(SOUTHBRIDGE, institution="westhaven", name="Westhaven", uai="0990009Z")
    return propose(Register(institutions=(renamed, SOUTHBRIDGE, new)), source="ministry")


def names() -> set[str]:
    """Return the names the register holds."""
    return {row.name for row in read_register().institutions}


def items(update: int, kind: str) -> list[str]:
    """Return what a form sends to name the items of a kind."""
    found = UpdateItem.objects.filter(update_id=update, kind=kind)
    return list(found.values_list("item", flat=True))


def test_reader_sees_the_register_but_no_way_to_change_it(bob: Client, kept: int) -> None:
    page = bob.get("/register/").text
    assert "Northfield University" in page
    assert "/register/updates/" not in page


def test_register_is_searched_by_code(bob: Client, kept: int) -> None:
    page = bob.get("/register/", {"q": NORTHFIELD.uai}).text
    assert "Northfield University" in page
    assert "Eastmere" not in page


def test_register_is_offered_as_a_file(bob: Client, kept: int) -> None:
    response = bob.get("/register/", {"format": "csv"})
    assert b"0990001A" in b"".join(response.streaming_content)


def test_differences_are_grouped_by_kind_and_counted(alice: Client, kept: int) -> None:
    page = alice.get(f"/register/updates/{kept}/").text
    assert "4 differences wait for your decision" in page
    assert "New institution" in page
    assert "Renamed" in page
    assert "Closed, or no longer named" in page


def test_nothing_changes_before_it_was_accepted(alice: Client, kept: int) -> None:
    alice.get(f"/register/updates/{kept}/")
    assert names() == {"Northfield University", "Eastmere Business School"}


def test_accepted_difference_is_in_the_register_and_in_the_store(
    alice: Client, kept: int, store: Store
) -> None:
    alice.post(
        f"/register/updates/{kept}/",
        {"do": "accept", "kind": "renamed", "item": items(kept, "renamed")},
    )
    assert "University of Northfield" in names()
    assert "University of Northfield" in store.table("institutions").name.to_pyarrow().to_pylist()


def test_difference_left_alone_is_not_asked_again(alice: Client, kept: int) -> None:
    chosen = items(kept, "closed")
    alice.post(f"/register/updates/{kept}/", {"do": "reject", "kind": "closed", "item": chosen})
    states = UpdateItem.objects.filter(update_id=kept, kind="closed").values_list(
        "state", flat=True
    )
    assert list(states) == ["rejected"]
    assert "Eastmere Business School" in names()


def test_all_of_one_kind_are_accepted_at_once(alice: Client, kept: int) -> None:
    alice.post(f"/register/updates/{kept}/", {"do": "accept-all", "kind": "new"})
    assert {"Westhaven", SOUTHBRIDGE.name} <= names()
    assert "Eastmere Business School" in names()


def test_nothing_ticked_is_said(alice: Client, kept: int) -> None:
    response = alice.post(f"/register/updates/{kept}/", {"do": "accept"}, follow=True)
    assert "Choose at least one difference first." in response.text


def test_item_that_is_not_there_is_refused_in_words(alice: Client, kept: int) -> None:
    given = {"do": "accept", "kind": "new", "item": ["0000000000000000"]}
    response = alice.post(f"/register/updates/{kept}/", given, follow=True)
    assert "has no item" in response.text


def test_person_who_may_only_read_decides_nothing(bob: Client, kept: int) -> None:
    response = bob.post(f"/register/updates/{kept}/", {"do": "accept-all", "kind": "new"})
    assert response.status_code == 403
    assert names() == {"Northfield University", "Eastmere Business School"}


def test_file_that_is_sent_becomes_an_update(alice: Client) -> None:
    file = BytesIO(TABLE.encode())
    file.name = "register.csv"
    response = alice.post("/register/updates/", {"file": file})
    assert response.status_code == 302, response.text
    kinds = UpdateItem.objects.values_list("kind", flat=True)
    assert set(kinds) == {"new"}


def test_update_that_is_nowhere_is_a_page(alice: Client) -> None:
    assert alice.get("/register/updates/999/").status_code == 404


def test_file_of_observations_is_refused_as_a_register(alice: Client) -> None:
    posts = "network,post,account,published_at,text\nx,1,x:a,2026-01-01T00:00:00Z,hello\n"
    file = BytesIO(posts.encode())
    file.name = "posts.csv"
    response = alice.post("/register/updates/", {"file": file})
    assert response.status_code == 422
    assert "observations, not a register" in response.text
    assert not Update.objects.exists()


def test_updates_are_listed_with_what_waits(alice: Client, kept: int) -> None:
    assert f"/register/updates/{kept}/" in alice.get("/register/updates/").text
    assert "1 update to decide" in alice.get("/register/").text
