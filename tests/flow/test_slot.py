"""Models of the team's own: tried on its check, switched on by a person, never in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.annotate.corpus import GOOD_KNOWN, GOOD_UNKNOWN, ILL_KNOWN, ILL_UNKNOWN
from tests.annotate.tiny import classifier_in, encoder_in
from tests.flow.test_training import CHECKED, filled, say
from vigie import flow
from vigie.annotate.models import Models, Switch, classifier_of
from vigie.annotate.succession import UNPROVEN
from vigie.columns import records_of
from vigie.errors import ModelError
from vigie.model import Label
from vigie.settings import Settings
from vigie.store.store import Store

__all__ = ["filled"]

pytestmark = pytest.mark.slow

RULES = classifier_of("tone").annotator()
ANSWERS = {"LABEL_0": "negative", "LABEL_1": "positive"}
LABELS = list(ANSWERS)


def words_of(texts: Sequence[str]) -> set[str]:
    return {word for text in texts for word in text.replace(",", " ").split()}


def knowing(ill: Sequence[float], good: Sequence[float]) -> Mapping[str, Sequence[float]]:
    """Return what each word of the invented posts means to a model."""
    spoken = dict.fromkeys(words_of([*ILL_KNOWN, *ILL_UNKNOWN]), ill)
    both = words_of([*ILL_KNOWN, *ILL_UNKNOWN]) & words_of([*GOOD_KNOWN, *GOOD_UNKNOWN])
    spoken |= dict.fromkeys(words_of([*GOOD_KNOWN, *GOOD_UNKNOWN]), good)
    return {one: numbers for one, numbers in spoken.items() if one not in both}


def with_folders(settings: Settings, *folders: Path) -> Settings:
    return Settings(**{**vars(settings), "model_folders": ",".join(map(str, folders))})


@pytest.fixture
def wise(settings: Settings, tmp_path: Path) -> Settings:
    """Name a classifier that knows every word of the posts."""
    folder = classifier_in(
        tmp_path / "wise", knowing((4, 0), (0, 4)), LABELS, question="tone", answers=ANSWERS
    )
    return with_folders(settings, folder)


def annotators(store: Store) -> set[str]:
    labels = records_of(Label, store.table("labels").to_pyarrow())
    return {one.annotator for one in labels if one.question == "tone"}


def test_nothing_is_used_that_no_setting_names(filled: Store, settings: Settings) -> None:
    with pytest.raises(ModelError, match="nothing is sent"):
        flow.try_model(filled, "tone", [], settings=settings)


def test_a_tried_classifier_answers_only_once_it_is_switched_on(
    filled: Store, wise: Settings
) -> None:
    keys = say(filled, range(CHECKED))
    flow.annotate(filled, settings=wise, questions=["language", "tone"])
    done = flow.try_model(filled, "tone", keys, settings=wise)
    assert (done.version, done.failure) == (1, None)
    tried = flow.trials(filled, "tone", keys, settings=wise)[1]
    (compared,) = tried.beside
    assert tried.is_better
    assert compared.f1 > compared.other_f1
    assert compared.against == RULES
    assert annotators(filled) == {"person:alice", RULES, "trial 1"}
    flow.use_model(filled, "tone", 1, settings=wise)
    flow.annotate(filled, settings=wise, questions=["language", "tone"])
    assert "model 1" in annotators(filled)
    assert flow.annotate(filled, settings=wise, questions=["language", "tone"]).texts == 0
    assert flow.trials(filled, "tone", keys, settings=wise)[1].running is None
    flow.use_model(filled, "tone", None, settings=wise)
    assert annotators(filled) == {"person:alice", RULES, "trial 1"}


def test_a_foolish_one_is_not_shown_to_be_better(
    filled: Store, settings: Settings, tmp_path: Path
) -> None:
    folder = classifier_in(
        tmp_path / "fool", knowing((0, 4), (4, 0)), LABELS, question="tone", answers=ANSWERS
    )
    foolish = with_folders(settings, folder)
    keys = say(filled, range(CHECKED))
    flow.annotate(filled, settings=foolish, questions=["language", "tone"])
    flow.try_model(filled, "tone", keys, settings=foolish)
    tried = flow.trials(filled, "tone", keys, settings=foolish)[1]
    assert not tried.is_better
    assert (tried.rules.difference.high or 0) < 0


def test_what_is_better_than_a_bad_one_must_be_better_than_the_rules_too(
    filled: Store, settings: Settings, tmp_path: Path
) -> None:
    def named(name: str, ill: Sequence[float], good: Sequence[float]) -> Settings:
        folder = classifier_in(
            tmp_path / name, knowing(ill, good), LABELS, question="tone", answers=ANSWERS
        )
        return with_folders(settings, folder)

    keys = say(filled, range(CHECKED))
    foolish = named("fool", (0, 4), (4, 0))
    flow.try_model(filled, "tone", keys, settings=foolish)
    flow.use_model(filled, "tone", 1, settings=foolish)
    flow.annotate(filled, settings=foolish, questions=["language", "tone"])
    poor = named("poor", (0, 4), (0, 4))
    flow.try_model(filled, "tone", keys, settings=poor)
    tried = flow.trials(filled, "tone", keys, settings=poor)[2]
    assert tried.running is not None
    assert [one.against for one in tried.beside] == ["model 1", RULES]
    assert (tried.running.is_better, tried.rules.is_better) == (True, False)
    assert not tried.is_better


def test_the_same_model_is_one_version_and_another_is_another(
    filled: Store, wise: Settings, tmp_path: Path
) -> None:
    keys = say(filled, range(3))
    assert [flow.try_model(filled, "tone", keys, settings=wise).version for _ in "12"] == [1, 1]
    classifier_in(tmp_path / "wise", knowing((5, 0), (0, 5)), LABELS, question="tone",
                  answers=ANSWERS)  # fmt: skip
    assert flow.try_model(filled, "tone", keys, settings=wise).version == 2


def test_where_its_folder_is_gone_the_rules_answer_and_it_is_said(
    filled: Store, wise: Settings
) -> None:
    keys = say(filled, range(3))
    flow.try_model(filled, "tone", keys, settings=wise)
    flow.use_model(filled, "tone", 1, settings=wise)
    gone = with_folders(wise)
    done = flow.annotate(filled, settings=gone, questions=["language", "tone"])
    assert (done.state, RULES in annotators(filled)) == ("done", True)
    assert "names no more" in Models(wise.home).trouble("tone")["en"]
    assert flow.annotate(filled, settings=gone, questions=["language", "tone"]).texts == 0


def test_an_encoder_lets_a_model_learn_what_words_alone_do_not_say(
    filled: Store, settings: Settings, tmp_path: Path
) -> None:
    folder = encoder_in(tmp_path / "meanings", knowing((1, 0), (0, 1)))
    named = with_folders(settings, folder)
    keys = say(filled, range(CHECKED))
    flow.annotate(filled, settings=named, questions=["language", "tone"])
    done = flow.try_model(filled, "tone", keys, settings=named)
    models = Models(settings.home)
    manifest = models.manifest("tone", done.version)
    assert (manifest.source, manifest.meanings, models.current("tone")) == ("meanings", 2, None)
    assert flow.trials(filled, "tone", keys, settings=named)[1].is_better
    flow.use_model(filled, "tone", 1, settings=named)
    flow.annotate(filled, settings=named, questions=["language", "tone"])
    assert "model 1" in annotators(filled)


def test_an_encoder_of_another_language_learns_nothing(
    filled: Store, settings: Settings, tmp_path: Path
) -> None:
    folder = encoder_in(tmp_path / "english", knowing((1, 0), (0, 1)), languages=["en"])
    with pytest.raises(ModelError, match="too few texts"):
        flow.try_model(filled, "tone", [], settings=with_folders(settings, folder))


def test_teaching_anew_does_not_push_a_tried_model_out(filled: Store, wise: Settings) -> None:
    keys = say(filled, range(CHECKED))
    flow.try_model(filled, "tone", keys, settings=wise)
    flow.use_model(filled, "tone", 1, settings=wise, switch=Switch(by="alice"))
    taught = flow.train(filled, "tone", settings=wise, checks=keys)
    assert taught.shown_better
    assert (taught.place, Models(wise.home).current("tone")) == (UNPROVEN, 1)
