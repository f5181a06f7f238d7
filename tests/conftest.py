"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from vigie.settings import Settings
from vigie.store.store import Store, open_store

# A slow machine is not a wrong answer.
hypothesis.settings.register_profile("vigie", deadline=None)
hypothesis.settings.load_profile("vigie")

SHARED = Path(__file__).parents[1] / ".." / "shared"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose home is a folder of this test."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def store(settings: Settings) -> Store:
    """An empty store of this test."""
    return open_store(settings)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real files beside the project; a test skips where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real files (../shared/data) is not beside the project")
    return folder
