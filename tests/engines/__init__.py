"""What is asked of every engine, asked of Spark: the answers are those of DuckDB."""

import pytest

ON_SPARK = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    # pyspark leaves it to Python to close the connections by which rows come.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]
