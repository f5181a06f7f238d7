"""Meanings of texts as numbers, by an encoder of the team's own: what a line is learned through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.folders import SAFE_WEIGHTS, Folder
from vigie.annotate.graph import Mask, Numbers, open_graph
from vigie.annotate.remembered import Remembered
from vigie.words import _

Encode = Callable[[Sequence[str]], Numbers]


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """An encoder that is open: texts that mean the same come near each other."""

    name: str
    digest: str
    languages: frozenset[str]
    width: int
    """Numbers it gives for each text."""
    run: Encode
    remembered: Remembered | None = None

    def encode(self, texts: Sequence[str]) -> Scores:
        """Return a row of length 1 for each text; each is put to it once, and remembered."""
        known = self.remembered.of(texts) if self.remembered else {}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            found = _of_length_one(self.run(new)).astype(np.float16)
            said = {text: row.tobytes() for text, row in zip(new, found, strict=True)}
            known |= said
            if self.remembered:
                self.remembered.keep(said)
        rows = [np.frombuffer(known[text], dtype=np.float16) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, self.width)

    def meanings(self, batch: Batch) -> Scores:
        """Return the same for a batch; texts of other languages are not read, and are nought."""
        rows = [row for row, one in enumerate(batch.told.languages) if one in self.languages]
        found = np.zeros((len(batch), self.width), dtype=np.float32)
        if rows:
            found[rows] = self.encode([batch.cleaned[row].text for row in rows])
        return found


def open_encoder(folder: Folder, *, threads: int, cache: Path | None = None) -> Encoder:
    """Open the encoder of a folder, as a graph or, where it is installed, by PyTorch."""
    digest = folder.digest
    run, width = _opened(folder, threads)
    kept = Remembered(path=cache / f"{digest}.sqlite3") if cache else None
    return Encoder(
        name=folder.name,
        digest=digest,
        languages=folder.languages,
        width=width,
        run=run,
        remembered=kept,
    )


def _opened(folder: Folder, threads: int) -> tuple[Encode, int]:
    key = folder.path, folder.digest, threads
    known = _open.get(key)
    if known is None:
        run = _by_graph(folder, threads) if folder.graph else _by_torch(folder)
        known = run, int(run(["."]).shape[1])
        _open.clear()
        _open[key] = known
    return known


_open: dict[tuple[Path, str, int], tuple[Encode, int]] = {}
"""The encoder that is open: opening one takes a second, and it fills memory."""


def _by_graph(folder: Folder, threads: int) -> Encode:
    graph, pool = open_graph(folder, threads=threads), _pooling(folder)

    def run(texts: Sequence[str]) -> Numbers:
        found: Numbers | None = None
        for places, numbers, mask in graph.run(texts):
            pooled = numbers if numbers.ndim == 2 else pool(numbers, mask)
            if found is None:
                found = np.zeros((len(texts), pooled.shape[1]), dtype=np.float32)
            found[places] = pooled
        assert found is not None
        return found

    return run


def _by_torch(folder: Folder) -> Encode:
    """Let sentence-transformers read the folder; weights that are code are never opened."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        open_graph(folder, threads=1)
        raise
    if not (folder.path / SAFE_WEIGHTS).is_file():
        raise folder.wrong(
            _(
                "its weights are neither model.onnx nor {safe}; others may hold code, and are not "
                "opened. Save it anew as {safe}.",
                safe=SAFE_WEIGHTS,
            )
        )
    model = SentenceTransformer(str(folder.path), device="cpu", local_files_only=True)

    def run(texts: Sequence[str]) -> Numbers:
        found = model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    return run


def _pooling(folder: Folder) -> Callable[[Numbers, Mask], Numbers]:
    """Return how the pieces of a text become one: as the model was taught, else their mean."""
    said = folder.told("1_Pooling/config.json")
    if said.get("pooling_mode_cls_token") or said.get("pooling_mode") == "cls":
        return lambda numbers, _mask: numbers[:, 0]
    if said.get("pooling_mode_max_tokens") or said.get("pooling_mode") == "max":
        return lambda numbers, mask: np.where(mask[:, :, None] > 0, numbers, -np.inf).max(axis=1)
    return _mean


def _mean(numbers: Numbers, mask: Mask) -> Numbers:
    counted = mask[:, :, None].astype(np.float32)
    found: Numbers = (numbers * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
    return found


def _of_length_one(numbers: Numbers) -> Numbers:
    lengths = np.sqrt(np.maximum((numbers * numbers).sum(axis=1, keepdims=True), 1e-12))
    found: Numbers = numbers / lengths
    return found
