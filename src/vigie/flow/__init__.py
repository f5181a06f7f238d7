"""The order of the steps, and nothing else."""

from vigie.flow.comparisons import (
    compare,
    editions,
    freeze,
    latest_edition,
    names,
    publish,
    standings,
)
from vigie.flow.documents import build_report, format_names, render, report_names
from vigie.flow.files import (
    Options,
    Understood,
    import_file,
    keep_mapping,
    mappings_folder,
    understand,
)
from vigie.flow.measures import Measured, measure
from vigie.flow.registers import keep_register, read_register_file
from vigie.store.store import open_store

__all__ = [
    "Measured",
    "Options",
    "Understood",
    "build_report",
    "compare",
    "editions",
    "format_names",
    "freeze",
    "import_file",
    "keep_mapping",
    "keep_register",
    "latest_edition",
    "mappings_folder",
    "measure",
    "names",
    "open_store",
    "publish",
    "read_register_file",
    "render",
    "report_names",
    "standings",
    "understand",
]
