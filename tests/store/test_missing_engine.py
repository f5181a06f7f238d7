import sys

import pytest

from vigie.errors import SettingError
from vigie.settings import Settings
from vigie.store.store import open_store


def test_an_engine_whose_package_is_missing_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("pyspark", "pyspark.errors", "pyspark.logger", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "vigie.store.spark_session", raising=False)
    with pytest.raises(SettingError, match=r"requirements-spark\.lock"):
        open_store(Settings(engine="spark"))
