"""A model of a team's own, in a folder: what it is, of which languages it may speak.

Beside the files of the model lies ``model.toml``, which the team writes: ``languages``, and for a
classifier ``question`` and ``[answers]``: for each of its labels the answer of ours it stands for,
or "" where it stands for none.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from vigie.annotate.classifier import Graded
from vigie.annotate.finding import OURS
from vigie.errors import ModelError
from vigie.words import Words, _

CARD = "model.toml"
GRAPHS = ("model.onnx", "onnx/model.onnx")
SAFE_WEIGHTS = "model.safetensors"
ENCODER, CLASSIFIER = "encoder", "classifier"
_KEYS = {"languages", "question", "answers"}
_READ = (CARD, "config.json", "tokenizer.json", "1_Pooling/config.json",
         "sentence_bert_config.json", SAFE_WEIGHTS)  # fmt: skip

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder that holds a model, as its card describes it."""

    path: Path
    languages: frozenset[str]
    """Those it may speak of: it is used on no other."""
    question: str = ""
    """What a classifier answers; an encoder answers nothing by itself."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Label of a classifier → answer of ours, or nothing."""

    @property
    def name(self) -> str:
        """Return the name of the folder, which is the model's."""
        return self.path.name

    @property
    def kind(self) -> str:
        """Return what it holds: an encoder, or a classifier."""
        return CLASSIFIER if self.answers else ENCODER

    @property
    def graph(self) -> Path | None:
        """Return the file that can be run without PyTorch; none: there is only PyTorch's."""
        return next((self.path / one for one in GRAPHS if (self.path / one).is_file()), None)

    @property
    def digest(self) -> str:
        """Return the digest of every file that decides what it says: its version."""
        files = [self.path / one for one in _READ]
        if self.graph is not None:
            files += sorted(self.graph.parent.glob("model.onnx*"))
        stamp = []
        for file in files:
            if file.is_file():
                about = file.stat()
                stamp.append((str(file), about.st_size, about.st_mtime_ns))
        return _digest(tuple(stamp))

    def told(self, name: str) -> Mapping[str, object]:
        """Return what a file of settings of the model says; nothing where there is none."""
        file = self.path / name
        if not file.is_file():
            return {}
        try:
            found = json.loads(file.read_text("utf-8"))
        except ValueError as error:
            raise self.wrong(_("{file} is not JSON.", file=name)) from error
        return found if isinstance(found, dict) else {}

    def wrong(self, words: Words) -> ModelError:
        """Return an error about this folder."""
        return _wrong(self.path, words)


def read_folder(path: Path, questions: Mapping[str, type[Graded]]) -> Folder:
    """Read what a folder holds; refuse what cannot be used, with what is to be done."""
    card = path / CARD
    if not card.is_file():
        raise _wrong(
            path,
            _(
                "it holds no {card}. Write one with the languages the model was taught on, as: "
                'languages = ["fr", "en"]',
                card=CARD,
            ),
        )
    try:
        found = tomllib.loads(card.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(
            path, _("{card} cannot be read: {error}", card=CARD, error=str(error))
        ) from error
    unknown = sorted(set(found) - _KEYS)
    if unknown:
        raise _wrong(
            path,
            _("{card} names {key}; it may name: {keys}.", card=CARD, key=unknown[0],
              keys=", ".join(sorted(_KEYS))),
        )  # fmt: skip
    folder = Folder(
        path=path,
        languages=_languages(path, found.get("languages")),
        question=str(found.get("question", "")),
        answers=_answers(path, found.get("answers", {})),
    )
    if folder.answers:
        _require_answers(folder, questions)
    return folder


def labels_of(folder: Folder) -> list[str]:
    """Return the labels of a classifier in its own order; refuse those the card says nothing of."""
    named = folder.told("config.json").get("id2label")
    if not isinstance(named, dict) or not named:
        raise folder.wrong(_("config.json names no labels (id2label)."))
    labels = [str(named[key]) for key in sorted(named, key=int)]
    unmapped = [one for one in labels if one not in folder.answers]
    unheard = [one for one in folder.answers if one not in labels]
    if unmapped or unheard:
        raise folder.wrong(
            _(
                '{card} must say under [answers] what each label stands for, or "" for nothing. '
                "Not said: {unmapped}. Not labels of the model: {unheard}.",
                card=CARD,
                unmapped=", ".join(unmapped) or "—",
                unheard=", ".join(unheard) or "—",
            )
        )
    return labels


def _languages(path: Path, found: object) -> frozenset[str]:
    names = found if isinstance(found, list) else []
    wrong = [str(one) for one in names if one not in OURS]
    if not names or wrong:
        raise _wrong(
            path,
            _(
                "languages in {card} must name one or more of {ours}: a model is used only on "
                "the languages it was taught on.",
                card=CARD,
                ours=", ".join(sorted(OURS)),
            ),
        )
    return frozenset(names)


def _answers(path: Path, found: object) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise _wrong(path, _('[answers] in {card} must be words: LABEL = "answer".', card=CARD))
    return dict(found)


def _require_answers(folder: Folder, questions: Mapping[str, type[Graded]]) -> None:
    classifier = questions.get(folder.question)
    if classifier is None:
        raise folder.wrong(
            _("question in {card} must be one of: {questions}.", card=CARD,
              questions=", ".join(questions))
        )  # fmt: skip
    wrong = sorted({one for one in folder.answers.values() if one and one not in
                    classifier.answers})  # fmt: skip
    if wrong:
        raise folder.wrong(
            _(
                "{wrong} are no answers to {question}. The answers are: {answers}.",
                wrong=", ".join(wrong),
                question=folder.question,
                answers=", ".join(classifier.answers),
            )
        )


def _wrong(path: Path, words: Words) -> ModelError:
    return ModelError(_("The model in {path} cannot be used: {why}", path=str(path), why=words))


@lru_cache(maxsize=16)
def _digest(stamp: Stamp) -> str:
    found = hashlib.sha256()
    for name, size, _moment in stamp:
        found.update(f"{Path(name).name} {size}\n".encode())
        with Path(name).open("rb") as file:
            while part := file.read(1 << 20):
                found.update(part)
    return found.hexdigest()[:16]


def named_folders(written: str) -> Sequence[Path]:
    """Return the folders a setting names, by commas."""
    return [Path(one.strip()) for one in written.split(",") if one.strip()]
