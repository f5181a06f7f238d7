"""What the tests of measuring say of DuckDB, they say of Spark."""

import pytest

from tests.engines import ON_SPARK
from tests.measure.test_against_plain_python import (
    everything,
    test_indicator_says_what_plain_python_says,
)

__all__ = [
    "everything",
    "test_indicator_says_what_plain_python_says",
]
pytestmark = [*ON_SPARK, pytest.mark.usefixtures("asked")]
