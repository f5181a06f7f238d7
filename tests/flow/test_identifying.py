"""Posts of two years in the store become identities, and values that measuring keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest

from tests.listening.said import said
from vigie import flow
from vigie.columns import records_of, table_of
from vigie.errors import ListeningError
from vigie.flow.identifying import Wanted
from vigie.listening.corpus import OwnPost
from vigie.listening.kept import KeptSpeciality
from vigie.model import (
    Account,
    Identity,
    IdentityPost,
    IdentitySpeciality,
    IdentityTerm,
    Institution,
    Mention,
    Post,
    Record,
    Value,
)
from vigie.settings import Settings
from vigie.store.store import Store, open_store

R = TypeVar("R", bound=Record)
NAMES = ("northfield", "southbridge", "eastmere", "westvale", "overton", "small")
OCTOBER = date(2026, 10, 1)
NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)
SEA = KeptSpeciality(institution="northfield", name="The sea", words=("océan",))


def as_post(one: OwnPost, **changes: object) -> Post:
    told = Post(
        network=one.network, post=one.post, account=f"{one.network}:{one.institution}",
        published_at=one.published_at, published_on=one.published_at.date(), observed_at=NOW,
        text=one.text, language="fr", is_repost=False, is_reply=False,
    )  # fmt: skip
    return replace(told, **changes)  # type: ignore[arg-type]  # what a test wants to say


def mention(number: int, institution: str, text: str) -> Mention:
    at = datetime(2026, 10, 2 + number % 20, 9, tzinfo=UTC)
    return Mention(
        network="bluesky", post=f"{institution}-said-{number}", subject=f"bluesky:{institution}",
        kind="mention", author=f"a{number % 30}", published_at=at, published_on=at.date(),
        observed_at=NOW, text=text, language="fr",
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Settings]:
    settings = Settings(home=tmp_path_factory.mktemp("identity"))
    store = open_store(settings)
    store.replace("institutions", table_of(Institution, [
        Institution(institution=name, name=f"Université de {name.title()}", kind="university")
        for name in NAMES
    ]))  # fmt: skip
    store.replace("accounts", table_of(Account, [
        Account(account=f"bluesky:{name}", institution=name, network="bluesky", handle=name)
        for name in NAMES
    ]))  # fmt: skip
    posts = [post for name in NAMES[1:5] for post in said(name, 160)]
    posts += [*said("northfield", 300, ("océan", "Northfield")), *said("small", 40)]
    english = [as_post(one, language="en", post=f"e{one.post}") for one in said("northfield", 30)]
    answers = [as_post(one, is_reply=True, post=f"r{one.post}") for one in said("northfield", 30)]
    rows = [*(as_post(one) for one in posts), *english, *answers]
    store.append("posts", table_of(Post, rows))
    heard = [mention(n, "northfield", "Vive l’océan !") for n in range(120)]
    heard += [mention(n, name, "Vive la ville !") for name in NAMES[1:5] for n in range(40)]
    store.append("mentions", table_of(Mention, heard))
    flow.identify(store, Wanted(specialities=[SEA]), now=NOW)
    flow.measure(store, settings=settings)
    return store, settings


def rows(store: Store, record: type[R]) -> list[R]:
    return records_of(record, store.table(record.table).to_pyarrow())


def test_everyone_has_an_identity_of_the_last_whole_month(told: tuple[Store, Settings]) -> None:
    found = rows(told[0], Identity)
    assert {one.institution for one in found} == set(NAMES)
    assert {one.month_on for one in found} == {OCTOBER}
    assert {one.first_on for one in found} == {date(2024, 11, 1)}


def test_few_posts_have_no_figure_and_say_why(told: tuple[Store, Settings]) -> None:
    (small,) = [one for one in rows(told[0], Identity) if one.institution == "small"]
    assert (small.value, small.missing, small.posts) == (None, "few_posts", 40)


def test_the_coverage_is_what_could_be_read(told: tuple[Store, Settings]) -> None:
    (found,) = [one for one in rows(told[0], Identity) if one.institution == "northfield"]
    assert (found.posts, found.language) == (300, "fr")
    assert found.coverage == pytest.approx(300 / 330)


def test_names_are_masked_by_the_register(told: tuple[Store, Settings]) -> None:
    (found,) = [one for one in rows(told[0], Identity) if one.institution == "northfield"]
    assert found.named is not None
    assert found.named > 0.05
    terms = {one.term for one in rows(told[0], IdentityTerm) if one.institution == "northfield"}
    assert terms == {"ocean"}


def test_declared_specialities_and_the_public_are_held_against_it(
    told: tuple[Store, Settings],
) -> None:
    (sea,) = rows(told[0], IdentitySpeciality)
    assert (sea.institution, sea.state) == ("northfield", "through")
    (term,) = [one for one in rows(told[0], IdentityTerm) if one.institution == "northfield"]
    assert (term.is_declared, term.is_heard) == (True, True)


def test_evidence_names_posts_and_holds_no_words(told: tuple[Store, Settings]) -> None:
    shown = [one for one in rows(told[0], IdentityPost) if one.institution == "northfield"]
    assert sorted(one.place for one in shown) == list(range(1, 11))
    known = {(one.network, one.post) for one in rows(told[0], Post)}
    assert {(one.network, one.post) for one in shown} <= known


def test_the_figure_is_a_value_and_stays_when_the_month_is_measured_again(
    told: tuple[Store, Settings],
) -> None:
    store, settings = told

    def figures() -> dict[str, float | None]:
        return {one.subject: one.value for one in rows(store, Value) if one.indicator == "identity"}

    before = figures()
    assert before["northfield"] == rows_by_name(store)["northfield"].value
    assert before["small"] is None
    flow.measure(store, settings=settings, everything=True)
    assert figures() == before


def rows_by_name(store: Store) -> dict[str, Identity]:
    return {one.institution: one for one in rows(store, Identity)}


def test_one_institution_may_be_told_again_beside_the_others(
    told: tuple[Store, Settings],
) -> None:
    store = told[0]
    before = rows_by_name(store)
    again = flow.identify(store, Wanted(institutions=["northfield"]), now=NOW)
    assert (again.told, again.untold) == (("northfield",), ())
    after = rows_by_name(store)
    assert {**after, "northfield": None} == {**before, "northfield": None}
    assert after["northfield"].value == before["northfield"].value
    assert rows(store, IdentitySpeciality) == []


def test_an_unknown_institution_is_refused(told: tuple[Store, Settings]) -> None:
    with pytest.raises(ListeningError, match="no open institution nowhere"):
        flow.identify(told[0], Wanted(institutions=["nowhere"]), now=NOW)


def test_without_posts_there_is_nothing_to_read(store: Store) -> None:
    with pytest.raises(ListeningError, match="no posts to read"):
        flow.identify(store, Wanted(), now=NOW)
