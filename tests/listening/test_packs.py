from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.cast import EASTMERE, INSTITUTIONS, NORTHFIELD, NORTHFIELD_BLUESKY
from tests.listening.slow_and_obvious import NOTHING_KNOWN
from vigie import flow
from vigie.columns import records_of
from vigie.listening.names import Allowed
from vigie.listening.packs import APPLYING, starter_pack
from vigie.listening.persons import require_no_person
from vigie.listening.query import parse
from vigie.model import Account, Institution
from vigie.settings import Settings

NUMBERED = Institution(
    institution="paris-8",
    name="Université Paris 8 - Vincennes - Saint-Denis",
    kind="university",
    city="Saint-Denis",
    short_name="Paris VIII",
)
SORBONNE = Institution(
    institution="sorbonne", name="Sorbonne University", kind="university", city="Paris"
)
PANTHEON = Institution(
    institution="paris-1",
    name="Université Paris 1 - Panthéon Sorbonne",
    kind="university",
    city="Paris",
    aliases=("Pantheon-Sorbonne University",),
)


def caught(institution: Institution, text: str, name: str = "name") -> bool:
    pack = starter_pack(institution, [NORTHFIELD_BLUESKY], [NUMBERED, SORBONNE, PANTHEON])
    (query,) = [one for one in pack if one.name == name]
    return parse(query.words).matches({**NOTHING_KNOWN, "text": text, "intents": ["question"]})


@pytest.mark.parametrize(
    "text",
    [
        "J’étudie à l’Université Paris-8",
        "l'université paris VIII recrute",
        "#UniversitéParis8",
        "la fac de Paris 8 est fermée",
        "Paris8 : examens en ligne",
        "Le campus de P8 bloqué",
        "merci @northfield.example",
    ],
)
def test_it_is_found_as_people_name_it(text: str) -> None:
    assert caught(NUMBERED, text)


@pytest.mark.parametrize(
    "text",
    [
        "Paris 8 degrés ce matin",
        "Paris 8e arrondissement, près de la fac",
        "un appartement Paris 8, arrondissement calme, idéal étudiants",
        "Saint-Denis en fête",
        "P8 en qualifications",
    ],
)
def test_what_else_the_name_means_is_left_out(text: str) -> None:
    assert not caught(NUMBERED, text)


def test_it_is_not_taken_for_one_whose_name_is_longer() -> None:
    assert caught(SORBONNE, "Sorbonne University is open")
    assert not caught(SORBONNE, "Pantheon-Sorbonne University is open")
    assert caught(PANTHEON, "Pantheon-Sorbonne University is open")
    assert not caught(PANTHEON, "P1 au grand prix, devant les étudiants")


def test_each_kind_has_its_own_words() -> None:
    for kind in APPLYING:
        assert starter_pack(replace(EASTMERE, kind=kind))
    assert caught(EASTMERE, "Eastmere Business School : candidature refusée", "applying")
    assert not caught(EASTMERE, "Eastmere Business School : belle journée", "applying")
    assert caught(NORTHFIELD, "Northfield University : wifi en panne", "working")


def test_every_suggestion_says_why() -> None:
    for one in starter_pack(NORTHFIELD, others=INSTITUTIONS):
        assert str(one.purpose).startswith("To ")
        assert "Northfield" in str(one.title)


# ── on the French register ────────────────────────────────────────────────────────────


@cache
def french(path: Path) -> tuple[list[Institution], list[Account]]:
    _found, whole = flow.read_register_file(path, settings=Settings())
    institutions = records_of(Institution, whole.tables["institutions"])
    return institutions, records_of(Account, whole.tables["accounts"])


@pytest.mark.slow
def test_every_french_institution_has_queries_that_may_be_kept(shared_data: Path) -> None:
    institutions, accounts = french(shared_data / "registry-fr-2025.csv")
    names = [n for one in institutions
             for n in (one.name, one.short_name, one.city, one.region, *one.aliases)]  # fmt: skip
    allowed = Allowed.of(
        names,
        handles=[one.handle for one in accounts],
        accounts=[one.account for one in accounts],
    )
    for one in institutions:
        own = [account for account in accounts if account.institution == one.institution]
        for suggested in starter_pack(one, own, institutions):
            require_no_person(parse(suggested.words), suggested.words, allowed)


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("universite-lumiere-lyon-2", "Cours annulés à Lyon 2, les étudiants protestent"),
        ("universite-lumiere-lyon-2", "l'université Lumière Lyon-II"),
        ("universite-paris-1-pantheon-sorbonne", "amphi plein à Panthéon-Sorbonne"),
        ("universite-de-rennes", "merci @UnivRennes1"),
        ("centrale-lyon", "#CentraleLyon"),
        ("universite-paris-saclay", "le campus de Paris-Saclay"),
    ],
)
def test_french_institutions_are_found_as_people_name_them(
    shared_data: Path, slug: str, text: str
) -> None:
    institutions, accounts = french(shared_data / "registry-fr-2025.csv")
    (one,) = [found for found in institutions if found.institution == slug]
    own = [account for account in accounts if account.institution == slug]
    query = parse(starter_pack(one, own, institutions)[0].words)
    assert query.matches({**NOTHING_KNOWN, "text": text})
    assert not query.matches({**NOTHING_KNOWN, "text": "Lyon 2 - 1 Paris, belle ligue 1"})
