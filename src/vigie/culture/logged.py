"""What is written in the log of culture, as sentences: every action has its own."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.words import marked

SENTENCES: Mapping[str, str] = {
    "practice.note": marked("{by} noted a practice."),
    "practice.describe": marked("{by} described a practice."),
    "practice.state": marked("{by} changed the state of a practice."),
    "practice.forget_person": marked("{by} forgot who told a practice."),
    "practice.erase": marked("{by} erased a practice."),
    "wall.open": marked("{by} opened a wall."),
    "wall.close": marked("{by} closed a wall."),
    "wall.erase": marked("{by} erased the questions of a wall."),
    "wall.approve": marked("{by} showed a question on a wall."),
    "wall.hide": marked("{by} hid a question of a wall."),
    "wall.answer": marked("{by} marked a question of a wall as answered."),
    "wall.reopen": marked("{by} took up a question of a wall again."),
    "wall.merge": marked("{by} merged two questions of a wall."),
    "wall.unmerge": marked("{by} undid the merge of two questions of a wall."),
    "wall.split": marked("{by} took a question of a wall apart from another."),
}
"""By action; ``by`` is who did it."""
