"""The method: definitions come from the code that computes."""

from __future__ import annotations

from tests.reports.built import blocks, built, grid, said
from vigie.index.other_methods import unmeasured
from vigie.index.published import methods_known
from vigie.measure import indicators
from vigie.measure.indicator import Indicator
from vigie.plugins import members
from vigie.present import naming
from vigie.present.document import Paragraph, Section
from vigie.reports.method import definition

DOCUMENT = built("method")
ANCHORS = {block.name for block in blocks(DOCUMENT) if isinstance(block, Section)}


def test_every_indicator_is_defined_at_its_address() -> None:
    paths = {naming.indicator_path(name) for name in members(indicators, Indicator)}
    assert paths <= {f"/method/#{anchor}" for anchor in ANCHORS}


def test_every_published_method_is_defined() -> None:
    assert len(grid(DOCUMENT, "all-methods").rows) == len(methods_known())


def test_method_that_can_never_be_used_says_so_with_the_reason() -> None:
    words = "Not shown in the Index: Followers per alumnus. Not known: the number of alumni."
    assert words in said(DOCUMENT)


def test_method_says_what_it_needs_in_words_wherever_no_indicator_gives_it() -> None:
    for member in methods_known().values():
        assert set(unmeasured(member)) <= set(member.unmeasured)


def test_weights_add_up() -> None:
    weights = [row["weight"] for row in grid(DOCUMENT, "weights").rows]
    assert sum(weight for weight in weights if isinstance(weight, float)) == 1


def test_definition_is_the_docstring_in_paragraphs() -> None:
    class Member:
        """One sentence.

        A second paragraph
        over two lines, with ``code``.
        """

    assert [str(words) for words in definition(Member)] == [
        "One sentence.",
        "A second paragraph over two lines, with code.",
    ]


def test_first_paragraph_of_an_indicator_is_printed() -> None:
    texts = {str(block.text) for block in blocks(DOCUMENT) if isinstance(block, Paragraph)}
    assert all(str(definition(one)[0]) in texts for one in members(indicators, Indicator).values())
