"""What is watched of a query counts the same on Spark: alerts are made of it."""

import pytest

from tests.engines import ON_SPARK
from tests.listening.test_series import *  # noqa: F403  # they are asked of Spark here

pytestmark = [*ON_SPARK, pytest.mark.usefixtures("asked")]
