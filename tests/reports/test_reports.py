"""What holds for every report, in every format and language."""

from __future__ import annotations

import re

import pytest

from tests.present.formats import FORMATS, rendered
from tests.reports.built import REPORTS, built
from vigie.present.document import Document

CHOICES: dict[str, dict[str, str]] = {
    "institution_profile": {"institution": "northfield"},
    "institution_responsiveness": {"institution": "northfield"},
    "service_page": {"service": "library"},
    "comparison": {"with_": "northfield,southbridge"},
}
DOCUMENTS: dict[str, Document] = {}


def _document(name: str) -> Document:
    if name not in DOCUMENTS:
        DOCUMENTS[name] = built(name, **CHOICES.get(name, {}))
    return DOCUMENTS[name]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", REPORTS)
def test_report_is_rendered(name: str, form: str, language: str) -> None:
    assert rendered(_document(name), form, language)


@pytest.mark.parametrize("name", REPORTS)
def test_page_keeps_the_rules_of_a_page(name: str) -> None:
    page = rendered(_document(name), "html").decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert page.count("<h1>") == 1
    assert not re.search(r"\sstyle=|<script", page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", REPORTS)
def test_link_within_a_page_has_its_target(name: str) -> None:
    page = rendered(_document(name), "html").decode()
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


@pytest.mark.parametrize("name", REPORTS)
def test_document_is_named_after_its_report(name: str) -> None:
    assert _document(name).name == name


@pytest.mark.parametrize("name", REPORTS)
def test_every_figure_of_a_chart_is_in_its_table(name: str) -> None:
    page = rendered(_document(name), "html").decode()
    assert page.count("<figure") == page.count("<details>")
