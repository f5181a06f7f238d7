"""A language model tried on the texts of a check: its labels are kept, and no figure reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from vigie.annotate.annotating import classifiers
from vigie.annotate.checking import Checked, Quality, quality
from vigie.annotate.endpoint import TRIAL, Endpoint
from vigie.collect.connecting import may_export_others, may_export_words
from vigie.columns import records_of, table_of
from vigie.errors import ModelError, NetworkError
from vigie.flow.people import Key, people_said, texts_of
from vigie.http import Http
from vigie.model import Label
from vigie.settings import Settings
from vigie.store.store import Store

MOST_MISSES = 5
"""Answers in a row that cannot be used, after which it is asked no more."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a trial."""

    name: str
    asked: int
    kept: int
    left_out: int
    """Texts whose network does not let them leave."""
    failure: ModelError | NetworkError | None = None
    """The last answer that could not be used."""


def try_model(
    store: Store,
    question: str,
    keys: Collection[Key],
    *,
    settings: Settings,
    http: Http,
    now: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Tried:
    """Ask the model that settings name about some texts, and keep what it answers."""
    endpoint, classifier = Endpoint.of(settings), classifiers()[question]
    found = texts_of(store, keys)
    is_ours = endpoint.stays_here(settings)
    may_go = {key: row for key, row in found.items() if is_ours or _may_go(key, row)}
    labels: list[Label] = []
    failure: ModelError | NetworkError | None = None
    asked = misses = 0
    for key, row in may_go.items():
        asked += 1
        progress(asked, len(may_go))
        try:
            said = endpoint.answer(http, classifier, str(row["text"]))
        except (ModelError, NetworkError) as error:
            failure, misses = error, misses + 1
            if misses >= MOST_MISSES:
                break
            continue
        misses = 0
        day = row["published_on"]
        assert isinstance(day, date)
        labels.append(
            Label(
                network=key[0], post=key[1], published_on=day, question=question,
                annotator=endpoint.name, answers=said.answers, certainties=said.certainties,
                labelled_at=now or datetime.now(UTC),
            )
        )  # fmt: skip
    if labels:
        store.append(Label.table, table_of(Label, labels))
    return Tried(
        name=endpoint.name, asked=asked, kept=len(labels), left_out=len(found) - len(may_go),
        failure=failure,
    )  # fmt: skip


def _may_go(key: Key, row: Mapping[str, object]) -> bool:
    """Say whether the words of a text may leave: the rules of its network decide."""
    return may_export_words(key[0]) if row["origin"] == "own" else may_export_others(key[0])


def trials(store: Store, question: str, weights: Mapping[Key, float]) -> dict[str, Quality]:
    """Return how well each model that was tried answers about the texts of a check."""
    rows = store.table(Label.table)
    tried = rows.filter((rows.question == question) & rows.annotator.startswith(f"{TRIAL} "))
    said = people_said(store, question)
    checked: dict[str, list[Checked]] = {}
    for one in records_of(Label, tried.to_pyarrow()):
        key = one.network, one.post
        if key in weights and key in said:
            checked.setdefault(one.annotator, []).append(
                Checked(
                    network=one.network,
                    language="",
                    person=list(said[key].values())[-1],
                    machine=frozenset(one.answers),
                    weight=weights[key],
                )
            )
    names = list(classifiers()[question].answers)
    return {name: quality(rows, names) for name, rows in sorted(checked.items())}
