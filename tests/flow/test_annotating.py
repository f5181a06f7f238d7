"""Texts of a store are labelled once, by month, and their labels go where they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from tests.cast import INSTITUTIONS, NOON, post
from vigie import flow
from vigie.annotate.annotating import classifiers
from vigie.annotate.answering import rules
from vigie.columns import records_of, table_of
from vigie.errors import LabelError, SettingError
from vigie.flow import annotating
from vigie.flow.unlabelled import Unlabelled
from vigie.model import Institution, Label, Mention, Post, Run, Tombstone
from vigie.settings import Settings
from vigie.store.store import Store

TONE = classifiers()["tone"].annotator()
ASKED = "Bonjour, savez-vous quand ouvre la bibliothèque de Northfield University ?"


def mention(name: str = "m1", **changes: object) -> Mention:
    given: dict[str, object] = {
        "network": "bluesky",
        "post": name,
        "subject": "bluesky:northfield.example",
        "kind": "mention",
        "author": "abcd",
        "published_at": NOON,
        "published_on": NOON.date(),
        "observed_at": NOON,
        "text": ASKED,
    }
    return Mention(**{**given, **changes})  # type: ignore[arg-type]  # a test's changes


@pytest.fixture
def filled(store: Store) -> Store:
    store.replace("institutions", table_of(Institution, INSTITUTIONS))
    store.append("posts", table_of(Post, [post("1"), post("2", text=None)]))
    store.append(
        "mentions",
        table_of(
            Mention, [mention(), mention(subject="northfield"), mention("m2", text="Merci !")]
        ),
    )
    return store


def labels(store: Store, **where: str) -> list[Label]:
    found = records_of(Label, store.table("labels").to_pyarrow())
    return [one for one in found if all(getattr(one, name) == v for name, v in where.items())]


def answers(store: Store, post: str, question: str) -> tuple[str, ...]:
    (found,) = labels(store, post=post, question=question)
    return found.answers


def test_every_text_gets_one_label_per_question(filled: Store, settings: Settings) -> None:
    done = flow.annotate(filled, settings=settings)
    assert (done.state, done.texts) == ("done", 3)
    assert done.labels == len(labels(filled)) == 3 * len(classifiers())


def test_labels_say_what_the_classifiers_answer(filled: Store, settings: Settings) -> None:
    flow.annotate(filled, settings=settings)
    assert answers(filled, "m1", "intent") == ("question",)
    assert answers(filled, "m1", "language") == ("fr",)
    assert answers(filled, "m1", "service") == ("library",)
    assert answers(filled, "m1", "entities") == ("northfield",)
    assert answers(filled, "1", "intent")[0] == "information"


def test_a_label_lies_beside_its_post_and_says_who_gave_it(
    filled: Store, settings: Settings
) -> None:
    flow.annotate(filled, settings=settings)
    (found,) = labels(filled, post="m1", question="tone")
    assert (found.annotator, found.published_on) == (TONE, NOON.date())
    assert len(found.answers) == len(found.certainties) == 1


def test_what_is_labelled_is_not_labelled_again(filled: Store, settings: Settings) -> None:
    flow.annotate(filled, settings=settings)
    assert flow.annotate(filled, settings=settings).texts == 0


def test_a_post_that_was_edited_is_labelled_again(filled: Store, settings: Settings) -> None:
    flow.annotate(filled, settings=settings)
    later = NOON + timedelta(hours=2)
    filled.append("mentions", table_of(Mention, [
        mention("m2", text="Quand ouvre la bibliothèque ?", observed_at=later),
    ]))  # fmt: skip
    at = NOON + timedelta(days=900)
    assert flow.annotate(filled, settings=settings, clock=lambda: at).texts == 1
    assert answers(filled, "m2", "intent") == ("question",)


def test_a_post_that_was_only_liked_is_not(filled: Store, settings: Settings) -> None:
    flow.annotate(filled, settings=settings)
    later = NOON + timedelta(hours=2)
    liked = mention("m2", text="Merci !", likes=9, observed_at=later)
    filled.append("mentions", table_of(Mention, [liked]))
    assert flow.annotate(filled, settings=settings).texts == 0


def test_only_what_is_new_is_labelled(filled: Store, settings: Settings) -> None:
    flow.annotate(filled, settings=settings)
    filled.append("mentions", table_of(Mention, [mention("m3", text="Bravo à toute l'équipe")]))
    done = flow.annotate(filled, settings=settings)
    assert (done.texts, answers(filled, "m3", "intent")) == (1, ("praise",))


def test_a_new_version_of_a_classifier_is_due(
    filled: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow.annotate(filled, settings=settings)
    monkeypatch.setattr(classifiers()["tone"], "version", "1,000")
    flow.annotate(filled, settings=settings)
    assert {one.annotator for one in labels(filled, question="tone")} == {TONE, "rules 1,000"}


def test_everything_is_labelled_again_but_for_what_people_said(
    filled: Store, settings: Settings
) -> None:
    flow.annotate(filled, settings=settings)
    said = Label(
        network="bluesky", post="m1", published_on=NOON.date(), question="tone",
        annotator="person:alice", answers=("neutral",), certainties=(1.0,), labelled_at=NOON,
    )  # fmt: skip
    filled.append("labels", table_of(Label, [said]))
    later = datetime(2030, 1, 1, tzinfo=UTC)
    flow.annotate(filled, settings=settings, everything=True, clock=lambda: later)
    assert labels(filled, annotator="person:alice") == [said]
    assert {one.labelled_at for one in labels(filled) if one.annotator != "person:alice"} == {later}


def test_some_questions_alone(filled: Store, settings: Settings) -> None:
    flow.annotate(filled, settings=settings, questions=["tone"])
    assert {one.question for one in labels(filled)} == {"tone"}
    assert flow.annotate(filled, settings=settings).texts == 3


def test_a_question_nobody_knows_is_refused(filled: Store, settings: Settings) -> None:
    with pytest.raises(LabelError, match="The questions are: duplicate, entities"):
        flow.annotate(filled, settings=settings, questions=["colour"])


def test_languages_nobody_can_tell_are_refused(filled: Store, settings: Settings) -> None:
    with pytest.raises(SettingError, match="xx is not one"):
        flow.annotate(filled, settings=replace(settings, languages="fr,xx"))


def stop_after(turns: int) -> Callable[[], bool]:
    turn = count()
    return lambda: next(turn) >= turns


def test_a_run_that_is_stopped_goes_on_where_it_was(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotating, "CHUNK", 10)
    posts = [
        post(str(place), text=f"Cours {place}", published_at=NOON + timedelta(days=place))
        for place in range(60)
    ]
    store.append("posts", table_of(Post, posts))
    stopped = flow.annotate(store, settings=settings, should_stop=stop_after(2))
    assert (stopped.state, stopped.texts) == ("interrupted", 20)
    done = flow.annotate(store, settings=settings)
    assert (done.state, done.texts) == ("done", 40)
    assert len(labels(store, question="tone")) == 60


def test_progress_counts_texts(filled: Store, settings: Settings) -> None:
    said: list[tuple[int, int | None]] = []
    flow.annotate(
        filled, settings=settings, progress=lambda done, total: said.append((done, total))
    )
    assert said[-1] == (3, 3)


def test_a_copy_names_the_first_post_of_an_earlier_month_and_run(
    store: Store, settings: Settings
) -> None:
    text = "La bibliothèque ferme lundi pour travaux jusqu'à nouvel ordre"
    store.append("posts", table_of(Post, [post("first", text=text)]))
    flow.annotate(store, settings=settings)
    later = NOON + timedelta(days=40)
    copies = [
        mention("copy", text=f"RT @northfield.example: {text}", published_at=later,
                published_on=later.date()),
        mention("other", text="La cantine rouvre mardi avec un nouveau menu", published_at=later,
                published_on=later.date()),
    ]  # fmt: skip
    store.append("mentions", table_of(Mention, copies))
    flow.annotate(store, settings=settings)
    assert answers(store, "copy", "duplicate") == ("bluesky:first",)
    assert answers(store, "other", "duplicate") == ()


def test_a_copy_that_comes_later_in_the_month_names_what_was_labelled_before(
    store: Store, settings: Settings
) -> None:
    text = "La bibliothèque ferme lundi pour travaux jusqu'à nouvel ordre"
    store.append("posts", table_of(Post, [post("first", text=text)]))
    flow.annotate(store, settings=settings)
    store.append("mentions", table_of(Mention, [mention("copy", text=f"{text} !!")]))
    flow.annotate(store, settings=settings)
    assert answers(store, "copy", "duplicate") == ("bluesky:first",)


def test_the_run_is_written_down(filled: Store, settings: Settings) -> None:
    flow.annotate(filled, settings=settings)
    (run,) = records_of(Run, filled.table("runs").to_pyarrow())
    assert (run.step, run.read, run.state) == ("annotate", 3, "done")


def test_the_labels_of_a_forgotten_post_go_with_it_and_stay_away(
    filled: Store, settings: Settings
) -> None:
    flow.annotate(filled, settings=settings)
    kept = filled.table("labels").to_pyarrow()
    receipt = filled.forget(network="bluesky", post="m1")
    assert receipt.erased["labels"] == len(classifiers())
    assert labels(filled, post="m1") == []
    filled.append("labels", kept)
    assert labels(filled, post="m1") == []
    assert labels(filled, post="m2") != []


def test_the_labels_of_a_post_taken_down_go_with_it_and_stay_away(
    filled: Store, settings: Settings
) -> None:
    flow.annotate(filled, settings=settings)
    kept = filled.table("labels").to_pyarrow()
    grave = Tombstone(network="bluesky", post="m1", observed_at=NOON, reason="deleted")
    filled.append("tombstones", table_of(Tombstone, [grave]))
    assert labels(filled, post="m1") == []
    filled.append("labels", kept)
    assert labels(filled, post="m1") == []


def test_the_labels_of_mentions_whose_time_is_over_go_with_them(
    store: Store, settings: Settings
) -> None:
    old = NOON - timedelta(days=5_000)
    store.append("posts", table_of(Post, [post("own", published_at=old)]))
    store.append(
        "mentions", table_of(Mention, [mention("old", published_at=old, published_on=old.date())])
    )
    flow.annotate(store, settings=settings)
    flow.let_go(store, settings=settings, today=date(2026, 10, 1))
    assert labels(store, post="old") == []
    assert labels(store, post="own") != []


def test_small_months_are_looked_at_together(store: Store, settings: Settings) -> None:
    days = [NOON + timedelta(days=31 * place) for place in range(4)]
    store.append("posts", table_of(Post, [
        post(str(place), text=f"Cours {place}", published_at=day) for place, day in enumerate(days)
    ]))  # fmt: skip
    unlabelled = Unlabelled(store=store, annotators=rules())
    months = unlabelled.months()
    assert unlabelled.stretches(months, most=2) == [months[:2], months[2:]]
    done = flow.annotate(store, settings=settings)
    assert done.months == tuple(months)


def test_a_late_post_is_no_copy_of_what_was_labelled_in_a_later_month(
    store: Store, settings: Settings
) -> None:
    text = "La bibliothèque ferme lundi pour travaux jusqu'à nouvel ordre"
    later = NOON + timedelta(days=40)
    store.append("posts", table_of(Post, [post("later", text=text, published_at=later)]))
    flow.annotate(store, settings=settings)
    store.append("posts", table_of(Post, [
        post("first", text=text),
        post("last", text=f"{text} !", published_at=later + timedelta(hours=1)),
    ]))  # fmt: skip
    assert flow.annotate(store, settings=settings).texts == 2
    assert answers(store, "first", "duplicate") == ()
    assert answers(store, "last", "duplicate") == ("bluesky:first",)
