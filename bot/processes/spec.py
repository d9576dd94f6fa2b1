"""A process to supervise, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Where the environment forbids compiled files, every start compiles everything anew: three times the
# processor time. An empty value allows them.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """How one process is started and which address is its own.

    ``port_variable`` is the setting that moves the port; ``env`` is added to the environment.
    """

    name: str
    command: tuple[str, ...]
    host: str
    port: int
    port_variable: str
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict, repr=False)


class StartError(RuntimeError):
    """The processes cannot be started; the message says why and what to do."""

    user_facing = True
