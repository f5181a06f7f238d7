"""The order of the steps, and nothing else."""

from vigie.flow.annotating import Annotated, annotate
from vigie.flow.collecting import Means, Wish, collect
from vigie.flow.comparisons import (
    compare,
    editions,
    freeze,
    latest_edition,
    names,
    publish,
    standings,
)
from vigie.flow.discovering import Discovery, discover, institutions_with_site
from vigie.flow.documents import build_report, format_names, render, report_names
from vigie.flow.estimating import Estimate, estimate
from vigie.flow.files import (
    Options,
    Understood,
    import_file,
    keep_mapping,
    mappings_folder,
    understand,
)
from vigie.flow.following import follow
from vigie.flow.hashtags import Tagged, tagged
from vigie.flow.hearing import hear
from vigie.flow.identifying import Identified, Wanted, identify, identify_due
from vigie.flow.journal import Collected, Named, close_silent, silent_runs
from vigie.flow.listening import costings, drop_words, find, read_words
from vigie.flow.measures import Measured, measure
from vigie.flow.online_registers import fetch_register
from vigie.flow.people import (
    draw_check,
    labels_of,
    people_said,
    texts_of,
    useful,
)
from vigie.flow.quality import HowSure, how_sure
from vigie.flow.registers import keep_register, keep_tables, read_register_file
from vigie.flow.rereading import reparse
from vigie.flow.retention import let_go
from vigie.flow.searching import Sought, search
from vigie.flow.spiking import (
    Explained,
    Watch,
    explain,
    find_spikes,
    history,
    known_spikes,
    spike_named,
    watch_of,
)
from vigie.flow.theming import (
    Themed,
    Week,
    emerging_terms,
    find_themes,
    known_themes,
    posts_of,
    posts_of_themes,
    theme_weeks,
)
from vigie.flow.training import forget_others, train, use_model
from vigie.flow.trying import Compared, Trial, Tried, trials, try_model
from vigie.store.store import open_store

__all__ = [
    "Annotated",
    "Collected",
    "Compared",
    "Discovery",
    "Estimate",
    "Explained",
    "HowSure",
    "Identified",
    "Means",
    "Measured",
    "Named",
    "Options",
    "Sought",
    "Tagged",
    "Themed",
    "Trial",
    "Tried",
    "Understood",
    "Wanted",
    "Watch",
    "Week",
    "Wish",
    "annotate",
    "build_report",
    "close_silent",
    "collect",
    "compare",
    "costings",
    "discover",
    "draw_check",
    "drop_words",
    "editions",
    "emerging_terms",
    "estimate",
    "explain",
    "fetch_register",
    "find",
    "find_spikes",
    "find_themes",
    "follow",
    "forget_others",
    "format_names",
    "freeze",
    "hear",
    "history",
    "how_sure",
    "identify",
    "identify_due",
    "import_file",
    "institutions_with_site",
    "keep_mapping",
    "keep_register",
    "keep_tables",
    "known_spikes",
    "known_themes",
    "labels_of",
    "latest_edition",
    "let_go",
    "mappings_folder",
    "measure",
    "names",
    "open_store",
    "people_said",
    "posts_of",
    "posts_of_themes",
    "publish",
    "read_register_file",
    "read_words",
    "render",
    "reparse",
    "report_names",
    "search",
    "silent_runs",
    "spike_named",
    "standings",
    "tagged",
    "texts_of",
    "theme_weeks",
    "train",
    "trials",
    "try_model",
    "understand",
    "use_model",
    "useful",
    "watch_of",
]
