"""Weights as an archive of plain arrays: only those that are not nought, and never code."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from vigie.annotate.learning import Lines
from vigie.annotate.vectors import WIDTH

LEAST_WEIGHT = 1e-4
"""Weights nearer to 0 are not kept."""


def packed(lines: Mapping[str, Lines]) -> bytes:
    """Return what was learned of each language as bytes."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for language, one in lines.items():
        answer, feature = np.nonzero(np.abs(one.weights) > LEAST_WEIGHT)
        arrays[f"{language}.answer"] = answer.astype(np.int16)
        arrays[f"{language}.feature"] = feature.astype(np.int32)
        arrays[f"{language}.weight"] = one.weights[answer, feature].astype(np.float32)
        arrays[f"{language}.offsets"] = one.offsets
        arrays[f"{language}.learned"] = one.learned
        arrays[f"{language}.rarity"] = one.rarity.astype(np.float16)
    held = io.BytesIO()
    np.savez_compressed(held, allow_pickle=False, **arrays)
    return held.getvalue()


def unpacked(content: bytes, answers: int, *, meanings: int = 0) -> dict[str, Lines]:
    """Read it back: so many answers, and so many numbers of an encoder beside the words."""
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        languages = sorted({name.partition(".")[0] for name in held.files})
        found = {}
        for language in languages:
            weights = np.zeros((answers, WIDTH + meanings), dtype=np.float32)
            places = held[f"{language}.answer"], held[f"{language}.feature"]
            weights[places] = held[f"{language}.weight"]
            found[language] = Lines(
                rarity=held[f"{language}.rarity"].astype(np.float32),
                weights=weights,
                offsets=held[f"{language}.offsets"],
                learned=held[f"{language}.learned"],
            )
        return found
