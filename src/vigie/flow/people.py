"""What people answered about texts, and what the machine answers of the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.annotate.answering import Annotator
from vigie.annotate.drawing import Candidate, Drawn, draw, most_useful
from vigie.flow.answerers import answerers
from vigie.listening.texts import texts, unlabelled
from vigie.settings import Settings
from vigie.store.store import Store

Key = tuple[str, str]
"""Network and post."""
PERSON, TRIAL = "person:", "trial "
MOST_CANDIDATES = 50_000
"""Texts among which those to be checked are drawn: the latest."""
LANGUAGE = "language"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one annotator answered about one text."""

    answers: tuple[str, ...]
    certainties: tuple[float, ...]
    annotator: str = ""

    @property
    def person(self) -> str:
        """Return who answered, where it was a person."""
        return self.annotator.removeprefix(PERSON) if self.annotator.startswith(PERSON) else ""


def people_said(store: Store, question: str) -> Mapping[Key, Mapping[str, frozenset[str]]]:
    """Return by text what each person answered to a question, the latest answer last."""
    labels = store.table("labels")
    mine = labels.filter((labels.question == question) & labels.annotator.startswith(PERSON))
    found: dict[Key, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in mine.order_by("labelled_at").to_pyarrow().to_pylist():
        name = row["annotator"].removeprefix(PERSON)
        found[row["network"], row["post"]][name] = frozenset(row["answers"] or ())
    return found


def machine_said(
    store: Store, question: str, settings: Settings, months: Collection[date] | None = None
) -> Mapping[Key, Said]:
    """Return by text what the machine answers now: the model where it speaks, else the rules."""
    found: dict[Key, Said] = {}
    for annotator in answerers(settings, [question]):
        found |= said_by(store, question, annotator, months)
    return found


def said_by(
    store: Store, question: str, annotator: Annotator, months: Collection[date] | None
) -> dict[Key, Said]:
    """Return by text what one annotator answered to a question."""
    labels = store.table("labels", months=sorted(months) if months is not None else None)
    mine = labels.filter((labels.question == question) & (labels.annotator == annotator.name))
    rows = mine.select("network", "post", "answers", "certainties").to_pyarrow().to_pydict()
    return {
        (network, post): Said(answers=tuple(answers or ()), certainties=tuple(sure or ()))
        for network, post, answers, sure in zip(*rows.values(), strict=True)
    }


def labels_of(store: Store, key: Key, *, month: date, settings: Settings) -> Mapping[str, Said]:
    """Return by question the answer about one text that counts: a person's, else the machine's."""
    labels = store.table("labels", months=[month])
    mine = labels.filter((labels.network == key[0]) & (labels.post == key[1]))
    known_names = [one.name for one in answerers(settings)]
    order = {name: place for place, name in enumerate(known_names, start=1)}
    found: dict[str, tuple[tuple[int, object], Said]] = {}
    for row in mine.to_pyarrow().to_pylist():
        name = row["annotator"]
        if name.startswith(TRIAL):
            continue
        rank = len(known_names) + 1 if name.startswith(PERSON) else order.get(name, 0)
        said = Said(
            answers=tuple(row["answers"] or ()),
            certainties=tuple(row["certainties"] or ()),
            annotator=name,
        )
        known = found.get(row["question"])
        if known is None or known[0] < (rank, row["labelled_at"]):
            found[row["question"]] = ((rank, row["labelled_at"]), said)
    return {question: said for question, (_rank, said) in found.items()}


def draw_check(
    store: Store, question: str, *, settings: Settings, count: int, seed: int
) -> tuple[list[Drawn], int]:
    """Draw the texts of a check, and say from how many; see ``annotate.drawing``."""
    pool = candidates(store, question, settings)
    return draw(pool, count, seed=seed), len(pool)


def useful(
    store: Store, question: str, *, settings: Settings, count: int, without: Collection[Key] = ()
) -> list[Candidate]:
    """Return the texts whose correction teaches most, those that people answered about left out."""
    said = people_said(store, question)
    pool = candidates(store, question, settings, without={*said, *without})
    return most_useful(pool, count, known=len(said))


def candidates(
    store: Store, question: str, settings: Settings, *, without: Collection[Key] = ()
) -> list[Candidate]:
    """Return the latest labelled texts, with what the machine answers of each."""
    found: list[Candidate] = []
    left_out = set(without)
    for month in reversed(store.months("labels")):
        if len(found) >= MOST_CANDIDATES:
            break
        said = machine_said(store, question, settings, [month])
        languages = machine_said(store, LANGUAGE, settings, [month])
        copies = machine_said(store, "duplicate", settings, [month])
        found += [
            _candidate(key, one, languages.get(key))
            for key, one in said.items()
            if key not in left_out and not (key in copies and copies[key].answers)
        ]
    return found[:MOST_CANDIDATES]


def _candidate(key: Key, said: Said, language: Said | None) -> Candidate:
    return Candidate(
        network=key[0],
        post=key[1],
        language=language.answers[0] if language and language.answers else "",
        answer=said.answers[0] if said.answers else "",
        certainty=said.certainties[0] if said.certainties else 0.0,
    )


def texts_of(store: Store, keys: Iterable[Key]) -> dict[Key, dict[str, object]]:
    """Return the texts with these keys that are still there, as listening reads them."""
    wanted = list(keys)
    if not wanted:
        return {}
    sought = ibis.memtable(
        pa.table({"network": [key[0] for key in wanted], "post": [key[1] for key in wanted]})
    )
    found = _readable(store.view(texts, unlabelled(store))).semi_join(sought, ["network", "post"])
    return {(row["network"], row["post"]): row for row in found.to_pyarrow().to_pylist()}


def _readable(rows: ir.Table) -> ir.Table:
    return rows.filter(rows.text.notnull()).select(
        "network", "post", "origin", "published_at", "published_on", "text", "url", "language"
    )
