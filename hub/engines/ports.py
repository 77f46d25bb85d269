"""Ports for engines: the last one again if it is free, so that whoever knows the address finds them after a restart."""

import os
import socket
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

# Below the range from which systems take the ports of outgoing connections (Linux from 32768, macOS from 49152): there
# a port that is free now may be taken when a dead engine comes back to it.
_FROM, _TO = 20_000, 32_000


def free_port(folder: Path) -> int:
    """The port of this engine, remembered in `folder/port`."""
    port = next(port for port in chain(_last(folder), _spread()) if is_free(port))
    (folder / "port").write_text(str(port), "ascii")
    return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _last(folder: Path) -> Iterator[int]:
    try:
        port = int((folder / "port").read_text("ascii"))
    except (OSError, ValueError):
        return
    if _FROM <= port < _TO:
        yield port


def _spread() -> Iterator[int]:
    """Each process begins elsewhere, so that two that start together do not choose the same."""
    begin = os.getpid() * 97 % (_TO - _FROM)
    for step in range(_TO - _FROM):
        yield _FROM + (begin + step) % (_TO - _FROM)
