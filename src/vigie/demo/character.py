"""What an invented institution is like: what it is known for, how it writes, how it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from vigie.invented.phrases import Domain, domains, phrases
from vigie.listening.kept import KeptSpeciality
from vigie.model import Institution

OURS = "universite-de-port-laurent"
"""The institution whose site the demonstration is."""
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "university": (
        "Climat et montagne", "Vigne et vin", "Patrimoine et archéologie", "Santé publique",
        "Langues et traduction", "Droit et justice", "Sport et mouvement", "Agronomie et sols",
        "Musique et scène", "Ville et architecture", "Intelligence artificielle et données",
        "Optique et quantique",
    ),
    "engineering_school": (
        "Énergies nouvelles", "Aéronautique et espace", "Matériaux et bois", "Mobilités et rail",
        "Cybersécurité", "Robotique", "Intelligence artificielle et données",
        "Optique et quantique",
    ),
    "business_school": (
        "Finance durable", "Entrepreneuriat", "Luxe et création", "Commerce et logistique",
        "Management humain", "Droit et justice",
    ),
}  # fmt: skip
"""Domains an institution of a kind may be known for."""


@dataclass(frozen=True, kw_only=True)
class Character:
    """What an institution is like."""

    institution: Institution
    known_for: tuple[Domain, ...]
    """What its posts are about."""
    declared: tuple[Domain, ...]
    """What it says it is known for."""
    focus: float
    """The share of its posts that are about it."""
    habit: str
    """What it likes to put after a post."""
    diligence: float
    """The share of questions it answers in the end."""
    delay: float
    """Hours it usually takes, in the hours of the office."""
    renown: float
    """How much is said of it, beside others of its kind."""

    @property
    def specialities(self) -> tuple[KeptSpeciality, ...]:
        """Return what it declares."""
        return tuple(
            KeptSpeciality(institution=self.institution.institution, name=one.name, words=one.words)
            for one in self.declared
        )


def characters(institutions: Sequence[Institution], seed: int) -> dict[str, Character]:
    """Give every institution a character, the same for the same seed."""
    found = {}
    for place, institution in enumerate(institutions):
        draw = Random(f"{seed} {institution.institution}")
        pool = OF_KIND[institution.kind or ""]
        chosen = [domains()[pool[(2 * place + step) % len(pool)]] for step in range(2)]
        wish = domains()[pool[(2 * place + 5) % len(pool)]]
        found[institution.institution] = Character(
            institution=institution,
            known_for=tuple(chosen),
            declared=(chosen[0], wish),
            focus=draw.uniform(0.15, 0.55),
            habit=draw.choice(phrases("habits")["fr"]),
            diligence=draw.betavariate(4, 1.6),
            delay=draw.lognormvariate(1.4, 0.9),
            renown=draw.lognormvariate(0, 0.3),
        )
    found[OURS] = _ours(found[OURS])
    return found


def _ours(drawn: Character) -> Character:
    """Return ours: a university of the sea that does not say that it builds robots too."""
    known = domains()
    sea, robots = known["Océan et littoral"], known["Robotique"]
    return Character(
        institution=drawn.institution,
        known_for=(sea, robots),
        declared=(sea, known["Santé publique"], known["Vigne et vin"]),
        focus=0.45,
        habit="Inscrivez-vous : le lien est en bio.",
        diligence=0.82,
        delay=5.0,
        renown=1.6,
    )
