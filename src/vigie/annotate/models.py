"""The models of a team, kept by version: weights as plain numbers, never as code.

``<home>/models/<question>/<version>/`` holds ``manifest.json``, and ``weights.npz`` where something
was taught here; ``<home>/models/<question>/current.json`` says which version answers, if any. What
is read back must have the digest its manifest names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Answered, Graded
from vigie.annotate.encoder import Encoder
from vigie.annotate.learning import Lines, joined
from vigie.annotate.succession import Beside
from vigie.annotate.weights import packed, unpacked
from vigie.errors import ModelError
from vigie.words import LANGUAGES, Words, _, say

MODEL = "model"
FOLDER, MANIFEST, WEIGHTS, CURRENT = "models", "manifest.json", "weights.npz", "current.json"
TROUBLE, FAILED, CACHE = "trouble.json", "failed.json", "said"
TAUGHT, CLASSIFIER, ENDPOINT = "taught", "classifier", "endpoint"


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
    kind: str = TAUGHT
    """taught: a line through words, and perhaps through an encoder; classifier: of a folder;
    endpoint: behind an address."""
    source: str = ""
    """The encoder, the classifier or the language model: nothing where only words were used."""
    source_digest: str = ""
    """Which version of it."""
    meanings: int = 0
    """Numbers an encoder gives beside the words."""
    speaks: tuple[str, ...] = ()
    """Languages of a model that was not taught here."""
    place: str = ""
    """What became of it when it was taught and beat the rules: see ``succession``."""
    beside: Beside | None = None
    """How it did beside what answered then."""

    @property
    def name(self) -> str:
        """Return who answers, as labels say it."""
        return f"{MODEL} {self.version}"

    @property
    def may_speak(self) -> frozenset[str]:
        """Return every language it can answer in."""
        return frozenset(self.languages) | frozenset(self.speaks)

    @property
    def shown_better(self) -> frozenset[str]:
        """Return the languages in which it beat the rules when it was taught."""
        return frozenset(name for name, one in self.languages.items() if one.is_on)

    @property
    def checked(self) -> int:
        """Return how many checked texts it was compared with the rules on when it was taught."""
        return sum(one.checked for one in self.languages.values())

    @property
    def beat_the_rules(self) -> bool:
        """Whether teaching it on words alone showed that it beats the rules somewhere."""
        return bool(self.shown_better) and not self.source


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Which version answers, since when, and who decided it."""

    version: int | None = None
    languages: tuple[str, ...] | None = None
    """Those it answers in; none: those in which it beat the rules."""
    since: str = ""
    """The first day of the posts it answers about; empty: all."""
    by: str = ""
    at: str = ""
    insisted: str = ""
    """Why a person switched on what was not shown to be better; empty: it was, or is taught."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A version that was taught: its manifest and, by language, what it learned."""

    manifest: Manifest
    lines: Mapping[str, Lines]
    languages: frozenset[str]
    """Those in which it answers."""
    encoder: Encoder | None = None

    @property
    def name(self) -> str:
        """Return who answers, as labels say it."""
        return self.manifest.name

    def scores(self, batch: Batch, rows: Sequence[int], language: str, rules: Scores) -> Scores:
        """Return how sure of each answer for some texts of one language."""
        lines, vectors = self.lines[language], batch.vectors[list(rows)]
        if self.encoder is not None:
            texts = [batch.cleaned[row].text for row in rows]
            vectors = joined(vectors, self.encoder.encode(texts))
        found = lines.certain(vectors)
        return blended(classifier_of(self.manifest.question), lines, rules[list(rows)], found)

    def answer(self, batch: Batch) -> list[Answered | None]:
        """Answer about the texts of its languages; leave the others to the rules."""
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
        return self.switch(question).version

    def switch(self, question: str) -> Switch:
        """Return which version answers, and who decided it."""
        found = _read(self._folder(question) / CURRENT)
        languages = found.get("languages")
        told = {**found, "languages": tuple(languages) if isinstance(languages, list) else None}
        return Switch(**told)  # type: ignore[arg-type]  # read back as it was written

    def use(self, question: str, version: int | None, switch: Switch | None = None) -> None:
        """Let a version answer, or (none) the rules; what was kept stays kept."""
        classifier_of(question)
        if version is not None:
            self.manifest(question, version)
        decided = replace(switch or Switch(), version=version)
        _write(self._folder(question) / CURRENT, json.dumps(asdict(decided)).encode())
        self.note_trouble(question, None)

    def note_trouble(self, question: str, words: Words | None, *, at: str = "") -> None:
        """Note why what should answer cannot, in each language; nothing: it answers."""
        _note(self._folder(question) / TROUBLE, words, at)

    def trouble(self, question: str) -> Mapping[str, str]:
        """Return why what should answer cannot, by language, and since when (``at``)."""
        return {name: str(one) for name, one in _read(self._folder(question) / TROUBLE).items()}

    def note_failure(self, question: str, words: Words | None, *, at: str = "") -> None:
        """Note why the last teaching or trial failed, from the first time on; nothing: it did."""
        _note(self._folder(question) / FAILED, words, at)

    def failure(self, question: str) -> Mapping[str, str]:
        """Return why the last teaching or trial failed, by language, and when (``at``)."""
        return {name: str(one) for name, one in _read(self._folder(question) / FAILED).items()}

    def cache(self) -> Path:
        """Return where what models said is remembered for a while."""
        return self.home / FOLDER / CACHE

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
        plain = {name: tuple(found.get(name, ())) for name in ("answers", "speaks")}
        beside = Beside(**found["beside"]) if found.get("beside") else None
        return Manifest(**{**found, **plain, "languages": languages, "beside": beside})

    def manifests(self, question: str) -> list[Manifest]:
        """Return every version of a question's model, the oldest first."""
        return [self.manifest(question, version) for version in self.versions(question)]

    def keep(self, manifest: Manifest, lines: Mapping[str, Lines] | None = None) -> Manifest:
        """Keep a new version under the next number; it does not answer yet."""
        version = max(self.versions(manifest.question), default=0) + 1
        folder = self._folder(manifest.question) / str(version)
        content = packed(lines or {})
        digest = hashlib.sha256(content).hexdigest() if lines else ""
        kept = replace(manifest, version=version, digest=digest)
        if lines:
            _write(folder / WEIGHTS, content)
        _write(folder / MANIFEST, json.dumps(asdict(kept), indent=1, sort_keys=True).encode())
        return kept

    def open(self, question: str, version: int, *, encoder: Encoder | None = None) -> Model:
        """Read a taught version back; refuse weights that are not the ones its manifest names."""
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
        lines = unpacked(content, len(manifest.answers), meanings=manifest.meanings)
        languages = self.languages_of(manifest)
        return Model(manifest=manifest, lines=lines, languages=languages, encoder=encoder)

    def languages_of(self, manifest: Manifest) -> frozenset[str]:
        """Return the languages in which a version answers where it is switched on."""
        switch = self.switch(manifest.question)
        if switch.version == manifest.version and switch.languages is not None:
            return frozenset(switch.languages) & manifest.may_speak
        return manifest.shown_better or frozenset(manifest.speaks)

    def _folder(self, question: str) -> Path:
        return self.home / FOLDER / question


def _read(path: Path) -> Mapping[str, object]:
    found: Mapping[str, object] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _note(path: Path, words: Words | None, at: str) -> None:
    if words is None:
        path.unlink(missing_ok=True)
        return
    told = {language: say(words, language) for language in LANGUAGES}
    _write(path, json.dumps({"at": at, **told}).encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.tmp")
    aside.write_bytes(content)
    aside.replace(path)
