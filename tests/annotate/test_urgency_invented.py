"""Cries and ordinary posts that were written for this: what the lists find, and never flag.

``invented/urgency.csv`` was written before the lists were mended by it; of it they found 64 %.
``urgency-second.csv`` was written afterwards, in freer words, and the lists were mended by it.
``urgency-third.csv`` was written then, and whoever mends the lists does not read it: the floor
says how many of these they find, which is the figure to believe.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch

INVENTED = Path(__file__).parent / "invented"


def read(name: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return each text with the risk a person sees and those that are flagged."""
    with (INVENTED / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    answered = classifiers()["urgency"]().classify(Batch(texts=[row["text"] for row in rows]))
    return [
        (row["text"], row["answers"], one.answers) for row, one in zip(rows, answered, strict=True)
    ]


@pytest.mark.parametrize("name", ["urgency.csv", "urgency-second.csv", "urgency-third.csv"])
def test_no_ordinary_post_is_flagged(name: str) -> None:
    assert [text for text, risk, flagged in read(name) if not risk and flagged] == []


@pytest.mark.parametrize(
    ("name", "least"),
    [("urgency.csv", 0.98), ("urgency-second.csv", 0.95), ("urgency-third.csv", 0.45)],
)
def test_cries_are_found(name: str, least: float) -> None:
    cries = [(risk, flagged) for _text, risk, flagged in read(name) if risk]
    assert sum(risk in flagged for risk, flagged in cries) >= least * len(cries)
