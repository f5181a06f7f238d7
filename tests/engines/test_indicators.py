"""What the tests of measuring say of DuckDB, they say of Spark."""

import pytest

from tests.measure.test_against_plain_python import (
    everything,
    test_indicator_says_what_plain_python_says,
    test_overperformance_without_a_line_is_above_the_usual_post,
)

__all__ = [
    "everything",
    "test_indicator_says_what_plain_python_says",
    "test_overperformance_without_a_line_is_above_the_usual_post",
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    pytest.mark.usefixtures("asked"),
]
