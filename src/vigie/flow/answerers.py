"""Who answers now: the rules of every question, and the models a team has switched on."""

from __future__ import annotations

from collections.abc import Iterable

from vigie.annotate.answering import Annotator, rules
from vigie.annotate.models import Models
from vigie.settings import Settings


def answerers(settings: Settings, questions: Iterable[str] = ()) -> list[Annotator]:
    """Return them; where several answer a question, the one to be believed comes last."""
    chosen = rules(questions)
    known = {one.question for one in chosen}
    models = [one for one in Models(settings.home).annotators() if one.question in known]
    return [*chosen, *models]
