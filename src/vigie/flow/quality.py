"""How sure a team may be of its labels: the machine against its own people, people among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vigie.annotate.agreement import alpha, alpha_of_answer
from vigie.annotate.annotating import classifiers
from vigie.annotate.checking import Checked, Quality, quality
from vigie.flow.people import Key, machine_said, people_said, texts_of
from vigie.settings import Settings
from vigie.store.store import Store


@dataclass(frozen=True, kw_only=True)
class HowSure:
    """What the checks of a question say."""

    quality: Quality
    people: Mapping[str, int]
    """Person → texts they answered about."""
    agreement: float | None
    """Krippendorff's alpha over whole answers, where two people answered about the same texts."""
    agreement_on: Mapping[str, float | None]
    """The same, of each answer."""
    both: int
    """Texts that two people or more answered about."""


def how_sure(
    store: Store, question: str, *, settings: Settings, weights: Mapping[Key, float]
) -> HowSure:
    """Compare what people and the machine answer about the texts of a sample.

    ``weights``: text → how many it stands for. Where several people answered, the last counts.
    """
    said = {key: people for key, people in people_said(store, question).items() if key in weights}
    found = texts_of(store, said)
    names = list(classifiers()[question].answers)
    counts: dict[str, int] = {}
    for people in said.values():
        for name in people:
            counts[name] = counts.get(name, 0) + 1
    machine = machine_said(store, question, settings, _months(found))
    languages = machine_said(store, "language", settings, _months(found))
    checked = [
        Checked(
            network=key[0],
            language=_language(languages, key),
            person=list(people.values())[-1],
            machine=frozenset(machine[key].answers),
            weight=weights[key],
        )
        for key, people in said.items()
        if key in machine and key in found
    ]
    return HowSure(
        quality=quality(checked, names),
        people=counts,
        agreement=alpha(dict(said)),
        agreement_on={name: alpha_of_answer(said, name) for name in names},
        both=sum(len(people) > 1 for people in said.values()),
    )


def _months(found: Mapping[Key, Mapping[str, object]]) -> set[date]:
    days = [row["published_on"] for row in found.values()]
    return {day.replace(day=1) for day in days if isinstance(day, date)}


def _language(languages: Mapping[Key, object], key: Key) -> str:
    answers = getattr(languages.get(key), "answers", ())
    return answers[0] if answers else ""
