"""People check the machine without seeing its answer, and correct a label where they meet it."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from tests.cast import NOON, post
from tests.conftest import Fill
from tests.web.conftest import fill_cast
from vigie import flow
from vigie.columns import records_of, table_of
from vigie.flow.people import people_said
from vigie.listening.label_changes import latest_sample
from vigie.listening.label_models import CheckText
from vigie.model import Label, Post
from vigie.register.models import LogEntry
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.web import how_sure

CHECK = "/listening/check/"
TONE = f"{CHECK}tone/"
ILL = "C'est une honte"


def thirty_labelled(store: Store, settings: Settings) -> None:
    fill_cast(store)
    posts = [post(f"p{n}", text=f"{ILL} {n}" if n % 2 else f"Cours {n}") for n in range(30)]
    store.append("posts", table_of(Post, posts))
    flow.annotate(store, settings=settings)


@pytest.fixture
def labelled(begin_with: Callable[[Fill], Store]) -> Store:
    return begin_with(thirty_labelled)


@pytest.fixture
def drawn(labelled: Store, alice: Client) -> Client:
    alice.post(CHECK, {"question": "tone"})
    return alice


def shown(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def test_a_stranger_and_a_reader_do_not_answer(site: Client, bob: Client, labelled: Store) -> None:
    assert site.get(TONE).status_code in {302, 403}
    assert bob.get(TONE).status_code == 403
    assert bob.post(CHECK, {"question": "tone"}).status_code in {302, 403}
    assert latest_sample("tone") is None


def test_texts_are_drawn_and_the_draw_is_logged(drawn: Client) -> None:
    sample = latest_sample("tone")
    assert sample is not None
    assert (sample.texts.count(), sample.drawn_from, sample.drawn_by) == (30, 30, "alice")
    assert LogEntry.objects.filter(action="check.draw", subject="tone").exists()


def test_the_machines_answer_is_hidden(drawn: Client) -> None:
    page = shown(drawn, TONE)
    assert "What would you answer?" in page
    assert "checked" not in page.split("<main")[1].split("</main")[0].replace(":checked", "")
    assert "rules" not in page.split("<main")[1].split("</main")[0]


def test_an_answer_is_kept_at_once_and_the_next_text_comes(drawn: Client, cast: Store) -> None:
    answer = drawn.post(TONE, {"place": "1", "answer": "negative"}, follow=True)
    assert "1 of 30 texts answered" in unescape(answer.content.decode())
    first = CheckText.objects.get(place=1)
    assert people_said(cast, "tone") == {
        (first.network, first.post): {"alice": frozenset({"negative"})}
    }
    assert LogEntry.objects.filter(action="label.put").count() == 1


def test_what_is_no_answer_is_refused(drawn: Client, cast: Store) -> None:
    for given in ({}, {"answer": "purple"}, {"answer": ["negative", "positive"]}):
        assert drawn.post(TONE, {"place": "1", **given}).status_code == 422
    assert people_said(cast, "tone") == {}


def test_a_text_may_be_left(drawn: Client) -> None:
    assert 'value="2"' in shown(drawn, f"{TONE}?after=1")


def test_figures_are_told_once_enough_was_answered(drawn: Client, cast: Store) -> None:
    assert "too few" not in shown(drawn, f"{TONE}figures/")
    for text in CheckText.objects.all():
        number = int(text.post.removeprefix("p"))
        tone = "negative" if number % 2 else "neutral"
        drawn.post(TONE, {"place": str(text.place), "answer": tone})
    page = shown(drawn, f"{TONE}figures/")
    assert "30 texts checked" in page
    assert "wholly right in 100% (between" in page
    assert "You have answered about all of them" in shown(drawn, TONE)


def test_two_people_show_how_far_they_agree(drawn: Client, cast: Store) -> None:
    for person in ("alice", "bob"):
        said = [
            Label(network="bluesky", post=f"p{n}", published_on=NOON.date(), question="tone",
                  annotator=f"person:{person}", answers=("negative" if n % 2 else "neutral",),
                  certainties=(1.0,), labelled_at=NOON)
            for n in range(30)
        ]  # fmt: skip
        cast.append("labels", table_of(Label, said))
    page = shown(drawn, f"{TONE}figures/")
    assert "30 texts answered by two" in page
    assert "1.00" in page


def test_a_text_that_was_forgotten_is_no_longer_shown(drawn: Client, cast: Store) -> None:
    first = CheckText.objects.get(place=1)
    cast.forget(network=first.network, post=first.post)
    assert "no longer here" in shown(drawn, f"{TONE}?place=1")
    assert drawn.post(TONE, {"place": "1", "answer": "negative"}).status_code == 302
    assert people_said(cast, "tone") == {}


def test_a_question_nobody_knows_is_not_there(alice: Client) -> None:
    assert alice.get(f"{CHECK}colour/").status_code == 404
    assert alice.post(CHECK, {"question": "colour"}).status_code == 404


def test_nothing_labelled_is_said_in_words(alice: Client, cast: Store) -> None:
    page = alice.post(CHECK, {"question": "tone"}, follow=True)
    assert "no labelled text to draw from" in unescape(page.content.decode())


def test_a_label_is_corrected_where_it_is_met(alice: Client, labelled: Store) -> None:
    path = "/listening/label/bluesky/p1/"
    assert "rules, version 2" in shown(alice, path)
    given = {"question": "service", "answer": ["registry", "finance"]}
    assert alice.post(path, given).status_code == 302
    assert "said by alice" in shown(alice, path)
    found = records_of(Label, labelled.table("labels").to_pyarrow())
    (label,) = [one for one in found if one.annotator == "person:alice"]
    assert label.answers == ("registry", "finance")


def test_none_of_several_answers_is_an_answer_too(alice: Client, labelled: Store) -> None:
    path = "/listening/label/bluesky/p1/"
    alice.post(path, {"question": "urgency"})
    assert people_said(labelled, "urgency")["bluesky", "p1"] == {"alice": frozenset()}


def test_a_label_of_no_post_is_not_there(alice: Client, labelled: Store) -> None:
    assert alice.get("/listening/label/bluesky/none/").status_code == 404


def test_beside_a_figure_is_said_how_sure_its_labels_are(drawn: Client) -> None:
    assert "Nobody here has checked" in str(how_sure.sentence(how_sure.how_sure("tone")))
    for place in range(1, 25):
        drawn.post(TONE, {"place": str(place), "answer": "negative"})
    assert "Of 24 texts that people here checked" in str(
        how_sure.sentence(how_sure.how_sure("tone"))
    )


def test_how_sure_labels_are_is_said_where_a_page_names_the_question_itself(drawn: Client) -> None:
    page = drawn.get("/listening/mentions/?tone=negative")
    assert page.status_code == 200
    assert "/listening/check/tone/figures/" in page.content.decode()
