"""A register file becomes a difference, and the difference the register, from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.collect.loopback import Said, serving

pytestmark = pytest.mark.django_db

FIRST = (
    "institution,name,kind,country,x\nnorthfield,Northfield University,university,FR,northfield\n"
)
SECOND = FIRST.replace("Northfield University", "University of Northfield")


def written(folder: Path, text: str) -> str:
    path = folder / "register.csv"
    path.write_text(text, "utf-8")
    return str(path)


def test_nothing_changes_before_it_is_applied(run: Run, tmp_path: Path) -> None:
    run("register", "import", written(tmp_path, FIRST))
    _code, out, _err = run("register", "list", "--json")
    assert json.loads(out)["institutions"] == []


def test_an_applied_difference_is_the_register(run: Run, tmp_path: Path) -> None:
    run("register", "import", written(tmp_path, FIRST))
    code, _out, _err = run("register", "apply")
    _code, out, _err = run("register", "list", "--json")
    answer = json.loads(out)
    assert (code, answer["accounts"][0]["account"]) == (0, "x:northfield")


def test_a_new_name_is_a_difference_in_words(run: Run, tmp_path: Path) -> None:
    run("register", "import", written(tmp_path, FIRST))
    run("register", "apply")
    run("register", "import", written(tmp_path, SECOND))
    _code, out, _err = run("register", "diff")
    assert "University of Northfield" in out


def test_observations_are_not_a_register(run: Run, tmp_path: Path) -> None:
    posts = "network,post,account,published_at\nx,1,x:n,2026-07-01T10:00:00Z\n"
    code, _out, err = run("register", "import", written(tmp_path, posts))
    assert (code, "vigie import" in err) == (1, True)


def test_register_is_asked_for_at_its_source(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"uo_lib": "Northfield", "uai": "0990001A", "type_d_etablissement": ["Université"]}
    answer = Said(body=json.dumps({"total_count": 1, "results": [row]}).encode())
    with serving(lambda asked: answer) as server:
        monkeypatch.setenv("VIGIE_CONNECT_FRENCH_REGISTER_SERVICE", server.url)
        monkeypatch.setenv("VIGIE_PRIVATE_ADDRESSES", "127.0.0.1")
        code, _out, err = run("register", "import", "--from", "french_register")
    assert (code, err) == (0, "")
    run("register", "apply")
    _code, out, _err = run("register", "list", "--json")
    assert [one["name"] for one in json.loads(out)["institutions"]] == ["Northfield"]


@pytest.mark.parametrize("words", [[], ["register.csv", "--from", "french_register"]])
def test_register_comes_from_one_place(run: Run, words: list[str]) -> None:
    code, _out, err = run("register", "import", *words)
    assert (code, "either a file or a connector" in err) == (2, True)
