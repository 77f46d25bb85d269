"""HUB_DATA as a place that one process at a time may start engines in."""

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from hub.errors import Refused, Unavailable

_PATIENCE_S = 60.0
_PAUSE_S = 0.05


class Who(StrEnum):
    """Who starts engines in a folder. A command does it for seconds, so nobody hangs on to a command's engines."""

    HUB = "hub serve"
    ENGINES = "hub engines"
    COMMAND = "a hub command"


# Whose engines one may use while they run. Two hubs share a folder only if the engines belong to neither.
_MAY_ATTACH: Mapping[Who, frozenset[Who]] = {
    Who.HUB: frozenset({Who.ENGINES}),
    Who.ENGINES: frozenset(),
    Who.COMMAND: frozenset({Who.HUB, Who.ENGINES}),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that has the folder."""

    pid: int
    who: Who


class Held(Exception):
    """Another process has the folder; `holder` is None for the instant before it has said who it is."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def held(data: Path, who: Who) -> Iterator[None]:
    """The folder is ours, until the end or our death. Raises Held."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Held(_read_holder(file.read())) from None
        (data / "engines.json").unlink(missing_ok=True)
        _write_over(file, json.dumps({"pid": os.getpid(), "who": who}))
        try:
            yield
        finally:
            (data / "engines.json").unlink(missing_ok=True)
            _write_over(file, "")


def holder_of(data: Path) -> Holder | None:
    """Who has the folder now. Only looks."""
    try:
        with open(data / "lock", "r+") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_holder((data / "lock").read_text())
    except OSError:
        return None
    return None


async def hold_or_find(stack: ExitStack, data: Path, who: Who) -> Holder | None:
    """Hold the folder until `stack` closes, waiting for passing commands; or give the holder whose engines to use.

    Raises Refused when the one who has it will stay and does not share.
    """
    for _ in range(int(_PATIENCE_S / _PAUSE_S)):
        try:
            stack.enter_context(held(data, who))
            return None
        except Held as other:
            holder = other.holder
        if holder and holder.who in _MAY_ATTACH[who]:
            return holder
        if holder and holder.who is not Who.COMMAND:
            raise Refused("data_in_use", _in_use(data, holder), pid=holder.pid)
        await asyncio.sleep(_PAUSE_S)
    raise Unavailable("data_in_use", f"Another hub command has kept {data} busy for {_PATIENCE_S:.0f} s. Try again.")


async def addresses_of(data: Path, holder: Holder) -> Mapping[str, Any]:
    """What `holder` wrote about its engines, as soon as they are up. Raises Unavailable."""
    for _ in range(int(_PATIENCE_S / _PAUSE_S)):
        with suppress(OSError, ValueError, KeyError):
            notice: Mapping[str, Any] = json.loads((data / "engines.json").read_text("utf-8"))
            if notice["owner"] == holder.pid:
                return notice
        await asyncio.sleep(_PAUSE_S)
    raise Unavailable(
        "engines_not_ready", f"{holder.who} (process {holder.pid}) has not brought its engines up. Look at its output."
    )


def announce(data: Path, notice: Mapping[str, Any]) -> None:
    """Write `engines.json`, which holds passwords: whole or not at all, and for this user's eyes only."""
    draft = data / "engines.json.new"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"owner": os.getpid(), **notice}, file)
    draft.replace(data / "engines.json")


def _read_holder(text: str) -> Holder | None:
    try:
        said = json.loads(text)
        return Holder(said["pid"], Who(said["who"]))
    except (ValueError, KeyError):
        return None


def _write_over(file: Any, text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _in_use(data: Path, holder: Holder) -> str:
    return (
        f"{data} is in use by `{holder.who}`, process {holder.pid}."
        f" Stop that one first (Ctrl-C there, or kill {holder.pid}), or give this one a folder of its own by HUB_DATA."
        " For several hubs on one store, start `hub engines` and then each `hub serve` with its own HUB_PORT,"
        " or set HUB_MONGO_URL and HUB_REDIS_URL."
    )
