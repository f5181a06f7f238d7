"""Invented posts of institutions, drawn from lists of words, for the tests of identity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from vigie.listening.corpus import OwnPost

START = datetime(2024, 11, 1, tzinfo=UTC)
SAID_BY_ALL = """
campus étudiants rentrée bibliothèque recherche colloque formation diplôme conférence sport
culture concert laboratoire enseignants laurier examen bourse logement restaurant théâtre
chercheuse équipe doctorat exposition emploi stage handicap santé énergie ville"""
EVERYBODY = tuple(SAID_BY_ALL.split())


def said(
    institution: str,
    count: int,
    own: Sequence[str] = (),
    *,
    often: float = 0.5,
    seed: int = 0,
    late: Sequence[str] = (),
) -> list[OwnPost]:
    """Return posts over two years; ``own`` words are in half of them, ``late`` ones at the end."""
    rng = np.random.default_rng([seed, *institution.encode()])
    found = []
    for number in range(count):
        words = list(rng.choice(EVERYBODY, 8, replace=False))
        told = [*own, *(late if number >= count / 2 else ())]
        words += [word for word in told if rng.random() < often]
        moment = START + timedelta(days=730 * number / count)
        found.append(
            OwnPost(
                institution=institution,
                network="bluesky",
                post=f"{institution}-{number}",
                published_at=moment,
                text=" ".join(rng.permutation(words)),
            )
        )
    return found
