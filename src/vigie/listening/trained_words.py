"""What came of teaching a model, in sentences: where it beats the rules, and whether it answers."""

from __future__ import annotations

from vigie.annotate.models import Learned, Manifest
from vigie.present.writing import Number, together
from vigie.words import Words, _

LANGUAGES = {"fr": _("French"), "en": _("English")}


def trained_words(made: Manifest) -> Words:
    """Say of each language what came of it."""
    first = _("Version {version} was taught.", version=made.version)
    told = [_of(name, one) for name, one in sorted(made.languages.items())]
    return together(first, *told)


def _of(language: str, one: Learned) -> Words:
    name = LANGUAGES.get(language, language)
    if one.rules_f1 is None or one.model_f1 is None:
        return _(
            "{language}: it learned from {texts} texts and {people} answers; nobody has checked "
            "texts to compare it with the rules, so the rules go on answering.",
            language=name,
            texts=one.texts,
            people=one.people,
        )
    facts = {
        "language": name,
        "checked": one.checked,
        "rules": Number(one.rules_f1, 2),
        "model": Number(one.model_f1, 2),
    }
    if one.is_on:
        sentence = _(
            "{language}: on {checked} checked texts it beats the rules (F1 {model}, theirs "
            "{rules}) and answers from now on."
        )
    else:
        sentence = _(
            "{language}: on {checked} checked texts it is not shown to beat the rules (F1 "
            "{model}, theirs {rules}); they go on answering."
        )
    return Words(sentence.text, facts)
