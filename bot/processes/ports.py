"""Name the ports that are taken before anything is started."""

import socket
from collections.abc import Iterable

from bot.processes.spec import ProcessSpec, StartError


def check(specs: Iterable[ProcessSpec]) -> None:
    """Raise StartError naming every port that cannot be listened on, and what moves it."""
    problems = [problem for spec in specs if (problem := _problem(spec))]
    if problems:
        raise StartError("\n".join(problems))


def _problem(spec: ProcessSpec) -> str | None:
    try:
        family, *_, address = socket.getaddrinfo(spec.host, spec.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return (
            f"{spec.name} cannot listen on {spec.host} port {spec.port} ({reason}). Stop what uses "
            f"it, or choose another port: {spec.port_variable}={_another(spec.port)}"
        )
    return None


def _another(port: int) -> int:
    return port + 1 if port < 65535 else port - 1
