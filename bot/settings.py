"""Every setting of the product: one typed, documented entry each, read from the environment.

A setting NAME is the variable ``VERBATIM_NAME``. ``docs/settings.md`` is generated from this file.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

PREFIX = "VERBATIM_"
ROOT = Path(__file__).parent.parent
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLIENT_VARIABLES = ("VERBATIM_TOKEN",)  # read by ``verbatim ask``: whose question it is
LLM_PROVIDERS = ("openai", "ollama")
LLM_USES = ("read", "reword")
HEMISPHERES = ("north", "south")
DATE_ORDERS = ("reader", "day_first", "month_first")
LOG_LEVELS = ("debug", "info", "warning", "error")
DEFAULT_PORTS = {"http": 80, "https": 443}

Parser = Callable[[str], Any]


class SettingsError(ValueError):
    """One or more settings cannot be used; ``problems`` has a readable line for each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _integer(text: str, low: int, high: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f"must be a whole number from {low} to {high}") from None
    if not low <= number <= high:
        raise ValueError(f"must be from {low} to {high}")
    return number


def _number(text: str, low: float, high: float) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"must be a number from {low:g} to {high:g}") from None
    if not low <= number <= high:
        raise ValueError(f"must be from {low:g} to {high:g}")
    return number


def _choice(text: str, choices: tuple[str, ...]) -> str:
    if text.lower() not in choices:
        raise ValueError("must be one of " + ", ".join(choices))
    return text.lower()


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise ValueError("must be a country's two letters, as in US or DE")
    return text.upper()


def _header_text(text: str) -> str:
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("must be letters, digits and signs of ASCII, without spaces")
    return text


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _listed(text: str, one: Callable[[str], str]) -> tuple[str, ...]:
    """Parts between commas, each in its one form, in the order given."""
    return tuple(dict.fromkeys(one(part.strip()) for part in text.split(",") if part.strip()))


def _origin(text: str) -> str:
    """An origin as a browser writes it: no path, no default port, lower case, host in ASCII."""
    try:
        parts = urlsplit(text)
        host, port = _ascii_host(parts), parts.port
    except (ValueError, UnicodeError):
        host, port, parts = "", None, urlsplit("")
    plain = not any((parts.path, parts.query, parts.fragment, parts.username, parts.password))
    if parts.scheme not in DEFAULT_PORTS or not host or not plain or text.endswith(("?", "#")):
        raise ValueError(
            "each must be scheme://host or scheme://host:port, with http or https, as in "
            f"https://shop.example.com, without a path or *; {text!r} is not"
        )
    shown = "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        return f"[{host}]"
    named = host.encode("idna").decode("ascii")
    return named if all(c.isalnum() or c in ".-" for c in named) else ""


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError(
            f"each must be an address or a network, as in 10.0.0.0/8; {text!r} is not"
        ) from None


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username or parts.password:
        raise ValueError("must be http://host… or https://host…, without a name or password in it")
    return text.rstrip("/")


def _language_model(text: str) -> str:
    provider, _, model = text.partition(":")
    if provider not in LLM_PROVIDERS or not model.strip():
        raise ValueError(
            f"must be provider:model with one of {' or '.join(LLM_PROVIDERS)}, as in openai:gpt-5"
        )
    return text


def _between(low: int, high: int) -> Parser:
    return partial(_integer, low=low, high=high)


def _entry(default: Any, parse: Parser, text: str, *, secret: bool = False) -> Any:
    metadata = {"parse": parse, "help": text, "secret": secret}
    return field(default=default, metadata=metadata, repr=not secret)


_PORT = _between(1, 65535)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. Times are seconds, memory is MB (10^6 bytes)."""

    home: Path = _entry(ROOT / "var", _path, "Folder of everything that is built or written.")
    catalog: Path = _entry(
        ROOT / "knowledge" / "catalog",
        _path,
        "Folder of the YAML files that say what can be asked.",
    )
    articles: Path | None = _entry(
        None,
        _path,
        "Folder of the company's own articles (Markdown or PDF), which answer questions about "
        "policies. Unset: the demo company has the ones that ship, others have none.",
    )
    host: str = _entry("127.0.0.1", str, "Address that the gateway listens on.")
    port: int = _entry(8080, _PORT, "Port of the web page and the API.")
    rasa_port: int = _entry(5005, _PORT, "Port of Rasa, on loopback only.")
    actions_port: int = _entry(5055, _PORT, "Port of the action server, on loopback only.")
    db_url: str | None = _entry(
        None,
        str,
        "Database of users, tokens and feedback (SQLAlchemy URL). "
        "Unset: SQLite in the home folder.",
        secret=True,
    )
    tracker_db_url: str | None = _entry(
        None,
        str,
        "Database of Rasa's conversations (SQLAlchemy URL). Unset: SQLite in the home folder.",
        secret=True,
    )
    query_timeout_s: float = _entry(
        10.0, partial(_number, low=0.1, high=600), "A query running longer is stopped."
    )
    query_memory_mb: int = _entry(
        1024, _between(64, 1_048_576), "Memory that the query engine may use."
    )
    query_threads: int = _entry(2, _between(1, 256), "Threads that the query engine may use.")
    query_concurrency: int = _entry(
        4, _between(1, 64), "Queries that may run at once; the next waits."
    )
    query_wait_s: float = _entry(
        3.0, partial(_number, low=0, high=60), "A query waiting longer is refused as busy."
    )
    max_rows: int = _entry(
        1000, _between(1, 100_000), "Rows an answer may hold; the rest is cut and said so."
    )
    max_message_chars: int = _entry(
        1000, _between(1, 100_000), "A longer message is refused with a clear answer."
    )
    max_body_kb: int = _entry(1024, _between(1, 102_400), "A larger request body is refused (413).")
    rate_per_minute: int = _entry(
        600, _between(1, 1_000_000), "Questions a person may ask in a minute."
    )
    rate_per_minute_address: int = _entry(
        3000, _between(1, 1_000_000), "Requests an address may send in a minute."
    )
    conversation_days: int = _entry(
        90, _between(1, 3650), "Conversations not used for so many days are deleted."
    )
    widget_origins: tuple[str, ...] = _entry(
        (),
        partial(_listed, one=_origin),
        "Origins of the pages that may show the chat widget, as in https://shop.example.com, "
        "separated by commas. Unset: none.",
    )
    trusted_proxies: tuple[str, ...] = _entry(
        (),
        partial(_listed, one=_network),
        "Addresses or networks of proxies before the gateway, separated by commas: their "
        "X-Forwarded-For and X-Forwarded-Proto are believed. Unset: nobody's.",
    )
    week_start: str = _entry("monday", partial(_choice, choices=WEEKDAYS), "First day of a week.")
    fiscal_year_start_month: int = _entry(
        1, _between(1, 12), "Month in which the fiscal year starts (1: calendar years)."
    )
    country: str = _entry(
        "US", _country, "Country whose public holidays are meant (ISO 3166, as in US or DE)."
    )
    hemisphere: str = _entry(
        "north",
        partial(_choice, choices=HEMISPHERES),
        "Where seasons are told from: north or south.",
    )
    date_order: str = _entry(
        "reader",
        partial(_choice, choices=DATE_ORDERS),
        "How 3/5/2026 is read: day_first, month_first, or as the reader's locale writes dates, and asked "
        "where that leaves it open (reader).",
    )
    log_level: str = _entry(
        "info", partial(_choice, choices=LOG_LEVELS), "How much is logged; debug adds stack traces."
    )
    snapshots_kept: int = _entry(
        3, _between(1, 1000), "Warehouse snapshots kept for rollback, the current one included."
    )
    internal_token: str | None = _entry(
        None,
        _header_text,
        "Shared secret of the three processes. Unset: a random one for each start.",
        secret=True,
    )
    llm: str | None = _entry(
        None,
        _language_model,
        "Optional language model as provider:model, with openai (any server that speaks its protocol) "
        "or ollama. Unset: none is used.",
    )
    llm_url: str | None = _entry(
        None, _url, "Address of the language model's server, as in http://localhost:11434."
    )
    llm_key: str | None = _entry(
        None, _header_text, "Key for the language model's server.", secret=True
    )
    llm_uses: tuple[str, ...] = _entry(
        ("read",),
        partial(_listed, one=partial(_choice, choices=LLM_USES)),
        "What the language model may do, separated by commas: read (messages that were not "
        "understood) and reword (finished answers).",
    )
    llm_timeout_s: float = _entry(
        8.0, partial(_number, low=0.1, high=60), "The language model is not waited for longer."
    )
    llm_tokens_per_day: int = _entry(
        200_000, _between(0, 1_000_000_000), "Tokens of the language model in a day (UTC)."
    )
    data: Path | None = _entry(
        None, _path, "Folder of public data sets for tests and benchmarks; they skip without it."
    )

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read settings from ``env`` (default: the process environment).

        An empty variable counts as unset. Raises SettingsError naming *every* bad variable.
        """
        source = os.environ if env is None else env
        values: dict[str, Any] = {}
        problems: list[str] = []
        for entry in ENTRIES:
            raw = source.get(entry.variable, "").strip()
            if not raw:
                continue
            try:
                values[entry.name] = entry.parse(raw)
            except ValueError as error:
                shown = "(secret)" if entry.secret else repr(raw)
                problems.append(f"{entry.variable}={shown}: {error}")
        problems += [] if problems else _contradictions(cls(**values))
        if problems:
            raise SettingsError(tuple(problems))
        return cls(**values)

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the state database, the default filled in."""
        return self.db_url or f"sqlite:///{self.home / 'state.db'}"

    @property
    def tracker_url(self) -> str:
        """SQLAlchemy URL of Rasa's conversations, the default filled in."""
        return self.tracker_db_url or f"sqlite:///{self.home / 'tracker.db'}"

    @property
    def rasa_url(self) -> str:
        """Base URL of Rasa, without a trailing slash."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Base URL of the action server, without a trailing slash."""
        return f"http://127.0.0.1:{self.actions_port}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as documented: what it is called, its type, default and meaning."""

    name: str
    type_name: str
    default: Any
    help: str
    secret: bool
    parse: Parser

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


def _described(item: Field[Any]) -> Entry:
    type_name = item.type if isinstance(item.type, str) else getattr(item.type, "__name__", "")
    if not type_name or type_name == "Union":
        type_name = str(item.type)
    type_name = type_name.replace("pathlib.", "").replace(" | None", "")
    type_name = "list" if type_name == "tuple" else type_name
    default = None if item.default in (MISSING, ()) else item.default
    meta = item.metadata
    return Entry(item.name, type_name, default, meta["help"], meta["secret"], meta["parse"])


ENTRIES: tuple[Entry, ...] = tuple(_described(item) for item in fields(Settings))


def unknown_variables(env: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that look like settings and are none: most often a slip of the pen."""
    known = {*CLIENT_VARIABLES, *(entry.variable for entry in ENTRIES)}
    return tuple(sorted(name for name in env if name.startswith(PREFIX) and name not in known))


def _port_clashes(settings: Settings) -> list[str]:
    ports = {"port": settings.port, "rasa_port": settings.rasa_port}
    ports["actions_port"] = settings.actions_port
    names: dict[int, list[str]] = {}
    for name, number in ports.items():
        names.setdefault(number, []).append(PREFIX + name.upper())
    return [
        f"{' and '.join(shared)} are both {number}: give each process a port of its own"
        for number, shared in names.items()
        if len(shared) > 1
    ]


def _contradictions(settings: Settings) -> list[str]:
    """Settings that are fine alone and impossible together."""
    problems = _port_clashes(settings)
    if settings.max_message_chars > settings.max_body_kb * 1024:
        problems.append(
            f"VERBATIM_MAX_MESSAGE_CHARS={settings.max_message_chars} never fits into a body of "
            f"VERBATIM_MAX_BODY_KB={settings.max_body_kb}: raise the second or lower the first"
        )
    return problems


def to_markdown() -> str:
    """The reference page of all settings (docs/settings.md)."""
    lines = [
        "# Settings",
        "",
        "Set by environment variable; secrets come from there only. This page is generated by",
        "`.venv/bin/verbatim settings --write`.",
        "",
        "| variable | type | default | meaning |",
        "|---|---|---|---|",
    ]
    for entry in ENTRIES:
        shown = "" if entry.default is None else f"`{_shown_default(entry)}`"
        note = " *Secret.*" if entry.secret else ""
        lines.append(f"| `{entry.variable}` | {entry.type_name} | {shown} | {entry.help}{note} |")
    return "\n".join(lines) + "\n"


def _shown_default(entry: Entry) -> str:
    if isinstance(entry.default, Path):
        return f"{entry.default.name}/"
    if isinstance(entry.default, tuple):
        return ", ".join(entry.default)
    return str(entry.default)
