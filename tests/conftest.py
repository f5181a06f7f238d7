"""What every test may ask for."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from vigie.settings import Settings
from vigie.store.store import Store, open_store

# A slow machine is not a wrong answer; and whoever runs the tests twice draws the same twice, so
# that a red test speaks of a change. ``make explore`` draws anew, and more.
hypothesis.settings.register_profile("vigie", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=400, print_blob=True)
hypothesis.settings.load_profile("vigie")

# Thousands of tests live to the end: to look through them for rubbish again and again is a tenth of
# the processor's time.
gc.set_threshold(50_000, 20, 100)

SHARED = Path(__file__).parents[1] / ".." / "shared"


def pytest_collection_finish() -> None:
    """What was collected stays: leave it out of every later search for rubbish."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose home is a folder of this test."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def store(settings: Settings) -> Store:
    """An empty store of this test."""
    return open_store(settings)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Go on with the database of the tests alone, never with that of whoever runs them.

    Where no collected test says that it needs one, none is made: ``db`` asked for by name alone
    would then open the real one.
    """
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if "mode=memory" not in name and not name.startswith("test_"):
        pytest.fail(f"{name} is no database of tests: mark what needs one with django_db")


Fill = Callable[[Store, Settings], object]


@pytest.fixture(scope="session")
def filled_homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Fill], Path]:
    """Homes that many tests begin with, each filled once."""
    known: dict[Fill, Path] = {}

    def filled(fill: Fill) -> Path:
        if fill not in known:
            begun = Settings(home=tmp_path_factory.mktemp("filled") / "home")
            fill(open_store(begun), begun)
            known[fill] = begun.home
        return known[fill]

    return filled


@pytest.fixture
def begin_with(settings: Settings, filled_homes: Callable[[Fill], Path]) -> Callable[[Fill], Store]:
    """Begin a test with a copy of a store that was filled once for all tests that ask for it."""

    def begun(fill: Fill) -> Store:
        shutil.copytree(filled_homes(fill), settings.home, dirs_exist_ok=True)
        return open_store(settings)

    return begun


@pytest.fixture
def shared_data() -> Path:
    """The folder of real files beside the project; a test skips where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real files (../shared/data) is not beside the project")
    return folder
