"""A language model that answers: at most so many questions a day, and never twice the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered, Graded
from vigie.annotate.endpoint import Endpoint, without_people
from vigie.annotate.remembered import Remembered
from vigie.errors import ModelError, NetworkError
from vigie.http import Http

MOST_MISSES = 5
"""Answers in a row that cannot be used, after which it is asked no more."""

MayLeave = Callable[[str, bool], bool]
"""Whether the words of a text may be sent: its network, and whether an institution wrote it."""


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Questions asked today, in a file beside the models; the next day begins anew."""

    path: Path
    most: int
    today: Callable[[], date] = _today

    def left(self) -> int:
        """Return how many may still be asked today."""
        return max(self.most - self._asked(), 0)

    def spend(self) -> None:
        """Count one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        told = json.dumps({"day": self.today().isoformat(), "asked": self._asked() + 1})
        aside = self.path.with_name(f"{self.path.name}.tmp")
        aside.write_text(told, "utf-8")
        aside.replace(self.path)

    def _asked(self) -> int:
        if not self.path.exists():
            return 0
        found = json.loads(self.path.read_text("utf-8"))
        return int(found["asked"]) if found["day"] == self.today().isoformat() else 0


@dataclass(kw_only=True)
class Asker:
    """Puts a question to a language model, text by text."""

    endpoint: Endpoint
    http: Http
    classifier: type[Graded]
    languages: frozenset[str]
    may_leave: MayLeave
    remembered: Remembered
    budget: Budget | None = None
    """None: a trial, which is as long as a check."""
    progress: Callable[[int], None] = lambda asked: None
    asked: int = 0
    kept_back: int = 0
    """Texts whose network does not let them leave."""
    failure: ModelError | NetworkError | None = None
    """The last answer that could not be used."""
    misses: int = 0

    def answer(self, batch: Batch) -> list[Answered | None]:
        """Answer about the texts that may be put to it; leave the others to the rules.

        Where it does not answer at all a trial ends with what it has; once it is on, what went
        wrong is raised.
        """
        found: list[Answered | None] = [None] * len(batch)
        for row, language in enumerate(batch.told.languages):
            if language not in self.languages:
                continue
            if not self.may_leave(batch.network(row), batch.is_own(row)):
                self.kept_back += 1
                continue
            found[row] = self._about(batch.texts[row])
            if self.misses >= MOST_MISSES and self.failure is not None:
                if self.budget is None:
                    break
                raise self.failure
        return found

    def _about(self, text: str) -> Answered | None:
        words = without_people(text)
        known = self.remembered.of([words]).get(words)
        if known is not None:
            answers = tuple(json.loads(known))
            return Answered(answers, (1.0,) * len(answers))
        if self.budget is not None:
            if not self.budget.left():
                return None
            self.budget.spend()
        self.asked += 1
        self.progress(self.asked)
        try:
            said = self.endpoint.answer(self.http, self.classifier, text)
        except (ModelError, NetworkError) as error:
            self.failure, self.misses = error, self.misses + 1
            return None
        self.misses = 0
        self.remembered.keep({words: json.dumps(said.answers).encode()})
        return said
