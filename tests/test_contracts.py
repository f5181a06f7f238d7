"""Every member of every plural folder keeps its contract; a new member needs no new test."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.collect.expected import SAMPLES, context_of, given, samples, stated
from tests.logged_actions import ANY, written_actions
from vigie.annotate.classifier import Classifier
from vigie.collect.connecting import connectors
from vigie.collect.importer import Importer
from vigie.collect.recognising import importers, recognise
from vigie.errors import FileError
from vigie.index.method import Method
from vigie.measure.indicator import Indicator
from vigie.plugins import members
from vigie.present import naming
from vigie.present.format import Format
from vigie.present.report import Report
from vigie.store.engine import Engine
from vigie.web.log_words import AREAS, SENTENCES
from vigie.words import LANGUAGES, Words, say

CONTRACTS: Mapping[str, type] = {
    "vigie.annotate.classifiers": Classifier,
    "vigie.collect.importers": Importer,
    "vigie.index.methods": Method,
    "vigie.measure.indicators": Indicator,
    "vigie.present.formats": Format,
    "vigie.reports": Report,
    "vigie.store.engines": Engine,
}
UNLABELLED = frozenset({Engine})
"""Chosen by name in the settings, never shown in a list."""

FOLDERS = {name: import_module(name) for name in CONTRACTS}
MEMBERS = [
    pytest.param(contract, name, member, id=f"{folder}.{name}")
    for folder, contract in CONTRACTS.items()
    for name, member in members(FOLDERS[folder], contract).items()
]
IMPORTERS = sorted(importers())


@pytest.mark.parametrize(("contract", "name", "member"), MEMBERS)
def test_member_says_what_it_is(contract: type, name: str, member: type) -> None:
    if contract not in UNLABELLED:
        assert isinstance(getattr(member, "label", None), Words)
    written = inspect.cleandoc(member.__doc__ or "")
    assert written.partition("\n\n")[0].strip().endswith((".", ":"))


@pytest.mark.parametrize("network", sorted({one.network for one in connectors().values()}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_has_words_and_is_shown_under_no_code(network: str, language: str) -> None:
    words = naming.network(network)
    assert words != network
    assert "_" not in (words if isinstance(words, str) else say(words, language))


@pytest.mark.parametrize(("contract", "name", "member"), MEMBERS)
def test_member_is_named_after_its_file(contract: type, name: str, member: type) -> None:
    assert Path(inspect.getfile(member)).stem == name
    assert member.__name__.casefold().startswith(name.replace("_", ""))


@pytest.mark.parametrize(("contract", "name", "member"), MEMBERS)
def test_member_leaves_nothing_of_its_contract_open(
    contract: type, name: str, member: type
) -> None:
    assert issubclass(member, contract)
    assert not inspect.isabstract(member)


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=lambda folder: folder.__name__)
def test_every_file_of_a_plural_folder_is_a_member(folder: ModuleType) -> None:
    files = {path.stem for place in folder.__path__ for path in Path(place).glob("*.py")}
    assert files - {"__init__"} <= set(members(folder, CONTRACTS[folder.__name__]))


@pytest.mark.parametrize("name", IMPORTERS)
def test_importer_has_a_sample(name: str) -> None:
    assert any(path.parent.name == name for path in samples()), (
        f"put a file with the real header in tests/samples/importers/{name}/, "
        "then run: python -m tests.collect.expected FILE"
    )


def test_every_folder_of_samples_is_of_an_importer() -> None:
    assert {path.name for path in SAMPLES.iterdir() if path.is_dir()} <= set(IMPORTERS)


@pytest.mark.parametrize("sample", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sample_is_recognised_as_its_importer(sample: Path) -> None:
    found = recognise(sample)
    answers = {name: member().recognises(found.sample) for name, member in importers().items()}
    own = answers.pop(sample.parent.name)
    assert found.importer_name == sample.parent.name
    assert 0 < own >= max(answers.values())


@pytest.mark.parametrize("sample", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sample_gives_exactly_the_records_stored_beside_it(sample: Path) -> None:
    assert given(sample) == stated(sample)


@pytest.mark.parametrize("sample", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_importer_that_needs_an_account_asks_for_it(sample: Path) -> None:
    found = recognise(sample)
    if not found.importer.needs_account:
        return
    batch = next(iter(found.importer.read(found.sample)))
    with pytest.raises(FileError, match="Give the account"):
        found.importer.parse(batch, context_of({}))


@pytest.mark.parametrize("action", sorted(written_actions()))
def test_action_has_a_sentence(action: str) -> None:
    place = written_actions()[action]
    known = [name for name in SENTENCES if name == action or (
        action.endswith(ANY) and name.startswith(action.removesuffix(ANY)))]  # fmt: skip
    assert known, f"{action} ({place}) has no sentence: write it in the logged.py of its product"


def test_actions_are_read_from_the_code() -> None:
    assert {"inbox.reply", "contact.merge", "query.off", "faq.*"} <= set(written_actions())


def test_sentence_names_who_did_it_and_is_under_a_heading() -> None:
    assert all(text.startswith("{by} ") and text.endswith(".") for text in SENTENCES.values())
    assert {action.partition(".")[0] for action in SENTENCES} <= set(AREAS)
