"""The words people read for the answers of labels: intents, offices, tones, urgencies."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.words import Words, _

INTENTS: Mapping[str, Words] = {
    "question": _("Question"),
    "complaint": _("Complaint"),
    "praise": _("Praise"),
    "belonging": _("Belonging"),
    "information": _("Information"),
    "other": _("Other"),
}
SERVICES: Mapping[str, Words] = {
    "admissions": _("Admissions"),
    "registry": _("Registry"),
    "teaching": _("Teaching"),
    "library": _("Library"),
    "it": _("IT"),
    "housing": _("Housing"),
    "finance": _("Fees and grants"),
    "international": _("International"),
    "careers": _("Careers"),
    "health": _("Health"),
    "student_life": _("Student life"),
    "communication": _("Communication"),
}
TONES: Mapping[str, Words] = {
    "negative": _("Negative"),
    "neutral": _("Neutral"),
    "positive": _("Positive"),
}
URGENCIES: Mapping[str, Words] = {
    "self_harm": _("Self-harm"),
    "violence": _("Violence"),
    "harassment": _("Harassment"),
    "safety": _("Safety"),
    "data_leak": _("Data leak"),
    "destitution": _("Destitution"),
    "deadline": _("Deadline"),
}
QUESTIONS: Mapping[str, Mapping[str, Words]] = {
    "intent": INTENTS,
    "service": SERVICES,
    "tone": TONES,
    "urgency": URGENCIES,
}


def answer(question: str, name: str) -> Words | str:
    """Return the words for an answer; one that nobody named stays as it is."""
    return QUESTIONS.get(question, {}).get(name, name)
