"""The models of a team, kept by version: weights as plain numbers, never as code.

``<home>/models/<question>/<version>/`` holds ``weights.npz`` and ``manifest.json``;
``<home>/models/<question>/current.json`` says which version answers, if any. What is read back
must have the digest its manifest names.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vigie.annotate.annotating import classifiers
from vigie.annotate.answering import Annotator
from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Answered, Graded
from vigie.annotate.learning import Lines
from vigie.annotate.vectors import WIDTH
from vigie.errors import ModelError
from vigie.words import _

MODEL = "model"
FOLDER, MANIFEST, WEIGHTS, CURRENT = "models", "manifest.json", "weights.npz", "current.json"
LEAST_WEIGHT = 1e-4
"""Weights nearer to 0 are not kept."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """How the learning of one language went, and whether its model answers."""

    texts: int
    people: int
    """Texts a person answered about."""
    checked: int
    """Of these, the ones that were compared."""
    rules_f1: float | None = None
    model_f1: float | None = None
    """Mean F1 over answers on the checked texts; the model had not learned from them."""
    wins: float | None = None
    """Share of draws of these texts in which the model is better."""
    is_on: bool = False


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a version is: what it learned from, and how well it did."""

    question: str
    version: int
    answers: tuple[str, ...]
    rules: str
    """The version of the rules that taught."""
    trained_at: str
    by: str
    languages: Mapping[str, Learned] = field(default_factory=dict)
    digest: str = ""
    """SHA-256 of the weights."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A version: its manifest and, by language, what it learned."""

    manifest: Manifest
    lines: Mapping[str, Lines]

    @property
    def name(self) -> str:
        """Return who answers, as labels say it."""
        return f"{MODEL} {self.manifest.version}"

    @property
    def languages(self) -> frozenset[str]:
        """Return the languages in which it answers."""
        return frozenset(name for name, one in self.manifest.languages.items() if one.is_on)

    def scores(self, batch: Batch, rows: Sequence[int], language: str, rules: Scores) -> Scores:
        """Return how sure of each answer for some texts of one language."""
        lines = self.lines[language]
        found = lines.certain(batch.vectors[list(rows)])
        return blended(classifier_of(self.manifest.question), lines, rules[list(rows)], found)

    def answer(self, batch: Batch) -> list[Answered | None]:
        """Answer about the texts of the languages that are on; leave the others to the rules."""
        classifier = classifier_of(self.manifest.question)
        found: list[Answered | None] = [None] * len(batch)
        rules: Scores | None = None
        for language in sorted(self.languages):
            rows = [row for row, one in enumerate(batch.told.languages) if one == language]
            if not rows:
                continue
            rules = classifier.score(batch) if rules is None else rules
            chosen = classifier.chosen(self.scores(batch, rows, language, rules))
            for row, answered in zip(rows, chosen, strict=True):
                found[row] = answered
        return found


def blended(classifier: Graded, lines: Lines, rules: Scores, learned: Scores) -> Scores:
    """Return the scores of rules and model as one; answers not learned keep those of the rules."""
    return classifier.blended(rules, np.where(lines.learned, learned, rules))


def classifier_of(question: str) -> Graded:
    """Return the graded classifier of a question; others cannot be learned."""
    known = classifiers().get(question)
    if known is None or not issubclass(known, Graded):
        graded = [name for name, one in classifiers().items() if issubclass(one, Graded)]
        raise ModelError(
            _(
                "{question} is not a question that can be learned. Those that can: {questions}.",
                question=question,
                questions=", ".join(graded),
            )
        )
    return known()


@dataclass(frozen=True)
class Models:
    """The models in a home folder."""

    home: Path

    def versions(self, question: str) -> list[int]:
        """Return the versions of a question's model, the oldest first."""
        folder = self._folder(question)
        if not folder.is_dir():
            return []
        return sorted(int(one.name) for one in folder.iterdir() if one.name.isdigit())

    def current(self, question: str) -> int | None:
        """Return the version that answers; none: the rules do."""
        path = self._folder(question) / CURRENT
        if not path.exists():
            return None
        found: int | None = json.loads(path.read_text("utf-8"))["version"]
        return found

    def use(self, question: str, version: int | None) -> None:
        """Let a version answer, or (none) the rules; what was kept stays kept."""
        classifier_of(question)
        if version is not None:
            self.manifest(question, version)
        path = self._folder(question) / CURRENT
        _write(path, json.dumps({"version": version}).encode())

    def manifest(self, question: str, version: int) -> Manifest:
        """Return what a version is."""
        path = self._folder(question) / str(version) / MANIFEST
        if version not in self.versions(question) or not path.exists():
            raise ModelError(
                _(
                    "There is no version {version} of the model of {question}. There are: "
                    "{versions}.",
                    version=str(version),
                    question=question,
                    versions=", ".join(map(str, self.versions(question))) or "—",
                )
            )
        found = json.loads(path.read_text("utf-8"))
        languages = {name: Learned(**one) for name, one in found["languages"].items()}
        return Manifest(**{**found, "languages": languages, "answers": tuple(found["answers"])})

    def keep(self, manifest: Manifest, lines: Mapping[str, Lines]) -> Manifest:
        """Keep a new version under the next number; it does not answer yet."""
        version = max(self.versions(manifest.question), default=0) + 1
        content = _packed(lines)
        digest = hashlib.sha256(content).hexdigest()
        kept = Manifest(**{**vars(manifest), "version": version, "digest": digest})
        folder = self._folder(manifest.question) / str(version)
        _write(folder / WEIGHTS, content)
        _write(folder / MANIFEST, json.dumps(asdict(kept), indent=1, sort_keys=True).encode())
        return kept

    def open(self, question: str, version: int) -> Model:
        """Read a version back; refuse weights that are not the ones its manifest names."""
        manifest = self.manifest(question, version)
        path = self._folder(question) / str(version) / WEIGHTS
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != manifest.digest:
            raise ModelError(
                _(
                    "{path} is not what was kept: it is missing, cut short or altered. Train "
                    "anew, or go back to the rules: vigie annotate train --question {question} "
                    "--use rules",
                    path=str(path),
                    question=question,
                )
            )
        return Model(manifest=manifest, lines=_unpacked(content, len(manifest.answers)))

    def annotators(self) -> list[Annotator]:
        """Return the models that answer."""
        found = []
        for question, known in classifiers().items():
            version = self.current(question) if issubclass(known, Graded) else None
            if version is not None:
                model = self.open(question, version)
                found.append(
                    Annotator(
                        question=question,
                        name=model.name,
                        answer=model.answer,
                        languages=model.languages,
                    )
                )
        return found

    def _folder(self, question: str) -> Path:
        return self.home / FOLDER / question


def _packed(lines: Mapping[str, Lines]) -> bytes:
    """Return weights as an archive of plain arrays: only those that are not nought."""
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


def _unpacked(content: bytes, answers: int) -> dict[str, Lines]:
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        languages = sorted({name.partition(".")[0] for name in held.files})
        found = {}
        for language in languages:
            weights = np.zeros((answers, WIDTH), dtype=np.float32)
            places = held[f"{language}.answer"], held[f"{language}.feature"]
            weights[places] = held[f"{language}.weight"]
            found[language] = Lines(
                rarity=held[f"{language}.rarity"].astype(np.float32),
                weights=weights,
                offsets=held[f"{language}.offsets"],
                learned=held[f"{language}.learned"],
            )
        return found


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.tmp")
    aside.write_bytes(content)
    aside.replace(path)
