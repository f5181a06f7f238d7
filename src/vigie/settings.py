"""Reads ``vigie.toml`` and ``VIGIE_*``; refuses names it does not know."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo

from vigie.errors import SettingError
from vigie.words import _, marked

PREFIX = "VIGIE_"
CONNECT = "connect"


def _about(text: str, *, secret: bool = False) -> Mapping[str, str | bool]:
    return {"help": text, "secret": secret}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation decides; the environment wins over the file.

    A secret may also be given as ``VIGIE_<NAME>_FILE``, the path of a file that holds it.
    """

    home: Path = field(
        default=Path("vigie-home"), metadata=_about(marked("Folder that holds everything kept."))
    )
    store: str = field(
        default="",
        metadata=_about(marked("Folder or fsspec address of the store; empty: home/store.")),
    )
    engine: str = field(
        default="duckdb", metadata=_about(marked("Engine that answers questions over the store."))
    )
    cluster: str = field(
        default="",
        metadata=_about(
            marked(
                "Address of the cluster on which the engine spark runs, as spark://host:7077; "
                "empty: this machine."
            )
        ),
    )
    database_url: str = field(
        default="",
        metadata=_about(marked("Database of the register; empty: SQLite in home."), secret=True),
    )
    secret_key: str = field(
        default="",
        metadata=_about(marked("Signs sessions; empty: made once and kept in home."), secret=True),
    )
    timezone: str = field(
        default="Europe/Paris",
        metadata=_about(marked("Where an institution has none, its time zone.")),
    )
    language: str = field(
        default="fr",
        metadata=_about(marked("Language of the site when the reader has no preference.")),
    )
    hosts: str = field(
        default="127.0.0.1,localhost,[::1]",
        metadata=_about(marked("Names the site answers to, by commas.")),
    )
    address: str = field(
        default="",
        metadata=_about(
            marked(
                "Address of the site as readers type it, as https://vigie.example/: it stands in "
                "mail and feeds. Empty: made of hosts and https."
            )
        ),
    )
    https: bool = field(
        default=False,
        metadata=_about(marked("Readers reach the site by https: cookies are marked secure.")),
    )
    servers_before: int = field(
        default=0,
        metadata=_about(
            marked(
                "Servers of yours before the site, each of which adds to X-Forwarded-For: the "
                "reader's address is read from there. 0: none, the header is not believed."
            )
        ),
    )
    languages: str = field(
        default="ar,de,en,es,fr,it,pt",
        metadata=_about(
            marked("Languages in which posts are expected, by commas: no other is recognised.")
        ),
    )
    institution: str = field(
        default="", metadata=_about(marked("Slug of the institution whose site this is."))
    )
    memory: str = field(default="1GB", metadata=_about(marked("Most memory the engine may take.")))
    threads: int = field(default=2, metadata=_about(marked("Threads the engine may use.")))
    upload_limit: int = field(
        default=2048, metadata=_about(marked("Largest file accepted on the site, in megabytes."))
    )
    contact: str = field(
        default="",
        metadata=_about(
            marked("Mail or web address told to the networks that are asked: who we are.")
        ),
    )
    private_addresses: str = field(
        default="",
        metadata=_about(
            marked(
                "Private addresses that may be opened, by commas: names, or ranges as 10.0.0.0/8. "
                "None by default."
            )
        ),
    )
    offline: bool = field(
        default=False,
        metadata=_about(
            marked(
                "Open no connection to any other machine: networks are not asked, nothing is "
                "sent. The demonstration runs so."
            )
        ),
    )
    proxy: str = field(
        default="",
        metadata=_about(
            marked("Machine through which the web is reached, as http://host:port; empty: none."),
            secret=True,
        ),
    )
    questions_per_second: int = field(
        default=5,
        metadata=_about(marked("Most questions put to one server in a second; 0: no limit.")),
    )
    raw_days: int = field(
        default=30, metadata=_about(marked("Days for which answers of networks are kept whole."))
    )
    backfill_days: int = field(
        default=90, metadata=_about(marked("Days read back when an account is first asked about."))
    )
    relook_days: int = field(
        default=14,
        metadata=_about(marked("Days read again at every run: counts grow, posts are taken down.")),
    )
    finds_a_day: int = field(
        default=20_000,
        metadata=_about(
            marked(
                "Finds of one query that are kept of a day and a network; of more, a share is "
                "kept that counts say. 0: all."
            )
        ),
    )
    pseudonym_key: str = field(
        default="",
        metadata=_about(
            marked("Makes pseudonyms of people; empty: made once and kept in home."), secret=True
        ),
    )
    token_keys: str = field(
        default="",
        metadata=_about(
            marked(
                "Keys that encrypt the tokens of networks, by commas: the first encrypts, all "
                "decrypt; empty: one is made and kept in home."
            ),
            secret=True,
        ),
    )
    notify_mail: str = field(
        default="",
        metadata=_about(
            marked(
                "Mail addresses told when a network stops answering, by commas (see mail_url). Of "
                "a box of the inbox administrators are told, too."
            )
        ),
    )
    notify_webhook: str = field(
        default="",
        metadata=_about(
            marked(
                "Web address told, as JSON, when a network or a box of the inbox stops answering: "
                "a chat room, for example."
            ),
            secret=True,
        ),
    )
    mail_url: str = field(
        default="",
        metadata=_about(
            marked("Server that sends mail: smtp://name:password@host:587, or smtps:// for 465."),
            secret=True,
        ),
    )
    mail_from: str = field(
        default="",
        metadata=_about(marked("Address our mail comes from; empty: the first it goes to.")),
    )
    model_endpoint: str = field(
        default="",
        metadata=_about(
            marked(
                "Address of a language model that speaks as OpenAI's does, as "
                "http://127.0.0.1:8080/v1: it may be tried on the texts of a check, and switched "
                "on. Empty: none, and nothing is ever sent."
            )
        ),
    )
    model_name: str = field(
        default="", metadata=_about(marked("Name under which that model is asked."))
    )
    model_key: str = field(
        default="", metadata=_about(marked("Key of that model, where it needs one."), secret=True)
    )
    model_languages: str = field(
        default="fr,en",
        metadata=_about(
            marked("Languages that model was taught on, by commas: it is asked in no other.")
        ),
    )
    model_budget: int = field(
        default=500,
        metadata=_about(
            marked(
                "Most texts that model is asked about in a day once it is switched on; the "
                "others stay with the rules."
            )
        ),
    )
    model_folders: str = field(
        default="",
        metadata=_about(
            marked(
                "Folders that hold models of your own, by commas: encoders and classifiers in "
                "ONNX, each with a model.toml. They may be tried and switched on. Empty: none."
            )
        ),
    )
    connect: Mapping[str, str] = field(
        default_factory=dict,
        hash=False,
        metadata=_about(
            marked(
                "Options of connectors: a table [connect.bluesky] in vigie.toml, or "
                "VIGIE_CONNECT_BLUESKY_SERVICE. Each connector's page lists its own."
            )
        ),
    )
    """``network_option`` → value; which options there are, the connectors know."""
    debug: bool = field(
        default=False, metadata=_about(marked("Show errors in full. Never on a public site."))
    )

    @property
    def store_address(self) -> str:
        """The store's folder, or its fsspec address."""
        return self.store or str(self.home / "store")

    @property
    def site(self) -> str:
        """The address of the site, without a slash at its end."""
        first = self.hosts.split(",")[0].strip()
        made = f"{'https' if self.https else 'http'}://{first}"
        return (self.address or made).rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of institutions that have none of their own."""
        return ZoneInfo(self.timezone)


KNOWN = {setting.name: setting for setting in fields(Settings)}


def load(environment: Mapping[str, str] | None = None, *, file: Path | None = None) -> Settings:
    """Read the settings: defaults, then the file, then the environment."""
    environment = os.environ if environment is None else environment
    path = file or Path(environment.get(f"{PREFIX}CONFIG", "vigie.toml"))
    from_file, from_environment = _from_file(path), _from_environment(environment)
    given = {**from_file, **from_environment}
    if CONNECT in given:
        given[CONNECT] = {**from_file.get(CONNECT, {}), **from_environment.get(CONNECT, {})}  # type: ignore[dict-item]  # both are mappings
    return Settings(**{name: _typed(name, value) for name, value in given.items()})  # type: ignore[arg-type]  # checked by _typed


def _from_file(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(
            _(
                "{file} is not valid TOML: {reason}. Correct that line.",
                file=str(path),
                reason=str(error),
            )
        ) from error
    connect = _flat(found.pop(CONNECT, {}), path)
    for name in found:
        _refuse_unknown(name, shown=name, where=str(path))
    return {**found, CONNECT: connect} if connect else found


def _flat(tables: object, path: Path) -> dict[str, str]:
    """Return the options of connectors as ``network_option`` → value."""
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise SettingError(
            _(
                "{file}: options of connectors are written in tables, as [connect.bluesky].",
                file=str(path),
            )
        )
    return {
        f"{network}_{option}": str(value)
        for network, table in tables.items()
        for option, value in table.items()
    }


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    connect: dict[str, str] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable == f"{PREFIX}CONFIG":
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name.startswith(f"{CONNECT}_"):
            connect.update(_option(name.removeprefix(f"{CONNECT}_"), value))
            continue
        base = name.removesuffix("_file")
        if base != name and base in KNOWN and KNOWN[base].metadata["secret"]:
            found[base] = Path(value).read_text(encoding="utf-8").strip()
            continue
        _refuse_unknown(name, shown=variable, where="the environment")
        found[name] = value
    return {**found, CONNECT: connect} if connect else found


def _option(name: str, value: str) -> dict[str, str]:
    """Return a connector's option; ``…_file`` names a file that holds it."""
    if name.endswith("_file"):
        return {name.removesuffix("_file"): Path(value).read_text(encoding="utf-8").strip()}
    return {name: value}


def _refuse_unknown(name: str, *, shown: str, where: str) -> None:
    if name in KNOWN:
        return
    near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0)
    raise SettingError(
        _(
            "{where} sets {name}, which Vigie does not know. The nearest setting is {near}.",
            where=where,
            name=shown,
            near=near[0],
        )
    )


def _typed(name: str, value: object) -> object:
    default = KNOWN[name].default
    if name == CONNECT:
        return value
    if isinstance(default, bool):
        return _boolean(name, value)
    if isinstance(default, int):
        return _integer(name, value)
    return Path(str(value)) if isinstance(default, Path) else str(value)


def _boolean(name: str, value: object) -> bool:
    said = str(value).lower()
    if said in ("1", "true", "yes"):
        return True
    if said in ("0", "false", "no", ""):
        return False
    raise SettingError(_("{name} must be true or false, not {value}.", name=name, value=str(value)))


def _integer(name: str, value: object) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise SettingError(
            _("{name} must be a whole number, not {value}.", name=name, value=str(value))
        ) from error
