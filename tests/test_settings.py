"""Settings: the environment wins, unknown names are refused with the nearest one."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.errors import SettingError
from vigie.settings import load


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "vigie.toml"
    file.write_text('language = "en"\ntimezone = "Europe/Zurich"\n', "utf-8")
    found = load({"VIGIE_LANGUAGE": "fr"}, file=file)
    assert (found.language, found.timezone) == ("fr", "Europe/Zurich")


def test_an_unknown_variable_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"VIGIE_LANGAGE.*nearest setting is language"):
        load({"VIGIE_LANGAGE": "fr"}, file=tmp_path / "none.toml")


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vigie.toml"
    file.write_text('hosst = "example.org"\n', "utf-8")
    with pytest.raises(SettingError, match="nearest setting is hosts"):
        load({}, file=file)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "vigie.toml"
    file.write_text("language = fr\n", "utf-8")
    with pytest.raises(SettingError, match=r"vigie\.toml is not valid TOML"):
        load({}, file=file)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("open sesame\n", "utf-8")
    found = load({"VIGIE_SECRET_KEY_FILE": str(secret)}, file=tmp_path / "none.toml")
    assert found.secret_key == "open sesame"


@pytest.mark.parametrize(("given", "read"), [("1", True), ("no", False), ("TRUE", True)])
def test_a_switch_is_read_in_words(tmp_path: Path, given: str, read: bool) -> None:
    assert load({"VIGIE_DEBUG": given}, file=tmp_path / "none.toml").debug is read


@pytest.mark.parametrize("variable", ["VIGIE_THREADS", "VIGIE_DEBUG"])
def test_a_value_of_the_wrong_kind_is_refused(tmp_path: Path, variable: str) -> None:
    with pytest.raises(SettingError, match="must be"):
        load({variable: "many"}, file=tmp_path / "none.toml")
