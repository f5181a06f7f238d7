"""Identity on 10,000 German posts of five Swiss institutions, against what was measured before.

The figures come from a study of the same file (nlp note, part 8): whose post it is (five classes,
balanced accuracy), identifiability at 250 posts a side and its fall when others' posts are mixed
in. Its splits were at random except where said; ours is in time, which is harder, so both are
checked with the same masks and the same letters.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from vigie.listening.corpus import Corpus, OwnPost, Places, balanced, corpus_of
from vigie.listening.folding import words_of
from vigie.listening.identifiability import area, classifier
from vigie.listening.identity import Group, Portrait, portrait
from vigie.listening.masking import names_of
from vigie.model import Account, Institution

pytestmark = pytest.mark.slow

REGISTER = (
    Institution(institution="bfh", name="Berner Fachhochschule", short_name="BFH", city="Bern",
                aliases=("Biel", "Burgdorf", "Magglingen", "Zollikofen")),
    Institution(institution="hslu", name="Hochschule Luzern", short_name="HSLU", city="Luzern",
                aliases=("Lucerne", "Horw", "Rotkreuz", "Emmenbrücke", "Zentralschweiz")),
    Institution(institution="ZHAW", name="Zürcher Hochschule für Angewandte Wissenschaften",
                short_name="ZHAW", city="Winterthur", aliases=("Zürich", "Wädenswil")),
    Institution(institution="FH_Graubuenden", name="Fachhochschule Graubünden",
                short_name="FHGR", city="Chur", aliases=("HTW Chur", "Bündner")),
    Institution(institution="FHNW", name="Fachhochschule Nordwestschweiz", short_name="FHNW",
                city="Windisch", aliases=("Brugg", "Muttenz", "Basel", "Olten", "Solothurn")),
)  # fmt: skip
NAMES = {
    one.institution: names_of(
        one,
        [Account(account="x", institution=one.institution, network="x", handle=one.institution)],
    )
    for one in REGISTER
}
BEFORE = datetime(2021, 1, 1, tzinfo=UTC).timestamp()


def posts(path: Path) -> list[OwnPost]:
    found = []
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            text = row["full_text"]
            if row["lang"] == "de" and row["university"] in NAMES and not text.startswith("RT @"):
                found.append(
                    OwnPost(
                        institution=row["university"], network="x", post=row["id_str"],
                        published_at=datetime.fromisoformat(row["created_at"]).replace(tzinfo=UTC),
                        text=text,
                    )
                )  # fmt: skip
    return found


_held: dict[Path, Corpus] = {}


@pytest.fixture
def corpus(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """Every post, read once: the study did not thin them out."""
    if shared_data not in _held:
        monkeypatch.setattr("vigie.listening.corpus.MOST", 10_000)
        _held[shared_data] = corpus_of(posts(shared_data / "swiss-posts-2009-2023.csv"), NAMES)
    return _held[shared_data]


def test_there_are_as_many_posts_as_were_studied(corpus: Corpus) -> None:
    assert len(corpus) == pytest.approx(10_448, rel=0.01)
    assert min(len(corpus.of(one)) for one in corpus.institutions) >= 800


# ── whose post is it? ─────────────────────────────────────────────────────────────────


def whose(corpus: Corpus, texts: list[str], *, in_time: bool) -> float:
    """Return how well five institutions are told apart: balanced accuracy, chance is 0.20."""
    words = [" ".join(words_of(text)) for text in texts]
    vectors = TfidfVectorizer(
        sublinear_tf=True, ngram_range=(1, 2), min_df=2, lowercase=False, token_pattern=r"\S+"
    ).fit_transform(words)
    if in_time:
        late = corpus.moments >= BEFORE
        splits = [(np.flatnonzero(~late), np.flatnonzero(late))]
    else:
        folds = StratifiedKFold(3, shuffle=True, random_state=0)
        splits = list(folds.split(vectors, corpus.owner))
    machine = LinearSVC(C=0.5, class_weight="balanced", random_state=0)
    return float(
        np.mean(
            [
                balanced_accuracy_score(
                    corpus.owner[there],
                    machine.fit(vectors[here], corpus.owner[here]).predict(vectors[there]),
                )
                for here, there in splits
            ]
        )
    )


@pytest.mark.parametrize(
    ("is_masked", "in_time", "studied"),
    [(False, False, 0.82), (False, True, 0.80), (True, False, 0.65), (True, True, 0.47)],
)
def test_whose_post_it_is_comes_out_as_studied(
    corpus: Corpus, is_masked: bool, in_time: bool, studied: float
) -> None:
    texts = [one.masked if is_masked else one.text for one in corpus.spoken]
    assert whose(corpus, texts, in_time=in_time) == pytest.approx(studied, abs=0.06)


# ── identifiability ───────────────────────────────────────────────────────────────────


def at_random(corpus: Corpus, own: Places, peers: Places) -> float:
    """Return the area under the curve of a split at random, as the study had it."""
    both = np.concatenate([own, peers])
    is_own = np.repeat([1, 0], [len(own), len(peers)])
    marks = np.zeros(len(both))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    for here, there in folds.split(both, is_own):
        machine = classifier().fit(corpus.masked[both[here]], is_own[here])
        marks[there] = machine.decision_function(corpus.masked[both[there]])
    return area(marks[is_own == 1], marks[is_own == 0])


def draws(corpus: Corpus, *, share: float, n: int = 250, each: int = 4) -> list[float]:
    """Draw sides of which the own one holds a share of own posts, of every institution."""
    found = []
    for number, name in enumerate(corpus.institutions):
        mine = corpus.of(name)
        theirs = np.setdiff1d(np.arange(len(corpus)), mine)
        for place in range(each):
            rng = np.random.default_rng([number, place])
            kept = rng.choice(mine, round(n * share), replace=False)
            mixed = balanced(theirs, corpus.owner, most=2 * n - len(kept), rng=rng)
            mixed = rng.permutation(mixed)
            own = np.concatenate([kept, mixed[: n - len(kept)]])
            found.append(at_random(corpus, own, mixed[n - len(kept) :]))
    return found


@pytest.mark.parametrize(
    ("share", "studied"), [(1.0, 0.76), (0.75, 0.67), (0.5, 0.59), (0.25, 0.53), (0.0, 0.50)]
)
def test_it_falls_as_others_posts_are_mixed_in(
    corpus: Corpus, share: float, studied: float
) -> None:
    assert np.mean(draws(corpus, share=share)) == pytest.approx(studied, abs=0.035)


def test_without_any_difference_it_is_one_half(corpus: Corpus) -> None:
    found = draws(corpus, share=0.0, each=8)
    assert np.mean(found) == pytest.approx(0.498, abs=0.02)
    assert np.std(found) == pytest.approx(0.046, abs=0.025)


# ── who they are ──────────────────────────────────────────────────────────────────────

_told: dict[str, Portrait] = {}


def told(corpus: Corpus, institution: str) -> Portrait:
    if institution not in _told:
        _told[institution] = portrait(Group(corpus=corpus), institution)
    return _told[institution]


@pytest.mark.parametrize("institution", sorted(NAMES))
def test_in_time_each_is_told_from_its_peers_and_part_of_it_is_the_name(
    corpus: Corpus, institution: str
) -> None:
    found = told(corpus, institution).identifiability
    assert found is not None
    assert 0.5 < found.masked.low < found.masked.value < 0.76
    assert found.named.low > 0


@pytest.mark.parametrize(
    ("institution", "stems"),
    [
        ("bfh", ("holz", "gesundheit|medizin", "hafl")),
        ("hslu", ("informatik", "design", "musik")),
        ("FH_Graubuenden", ("touris", "management")),
        ("FHNW", ("kunst", "gestaltung|design")),
    ],
)
def test_specialities_are_those_that_were_studied(
    corpus: Corpus, institution: str, stems: tuple[str, ...]
) -> None:
    said = " ".join(one.term for one in told(corpus, institution).specialities)
    assert [stem for stem in stems if not re.search(stem, said)] == []


def test_ten_posts_are_shown_of_each(corpus: Corpus) -> None:
    shown: Callable[[str], int] = lambda one: len(told(corpus, one).evidence)  # noqa: E731
    assert {shown(one) for one in NAMES} == {10}
