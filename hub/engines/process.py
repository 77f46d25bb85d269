"""Child processes that end with their parent, and what is left of those that did not."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

# Runs between the fork and the engine. The kernel sends the signal when the *thread* that forked ends, hence the main
# thread below; a parent that has died before the request was made is seen by its pid.
_TIED_TO_PARENT = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("the hub has gone")
try:
    os.execv(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit(f"{sys.argv[2]}: {error.strerror}")
"""


class Process:
    """A running engine. `ended` gives its exit code."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        """Start it. Its output goes to `folder/output`, its pid to `folder/pid`."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("engines are started from the main thread, or they would end with the thread")
        tied = [sys.executable, "-I", "-S", "-c", _TIED_TO_PARENT, str(os.getpid()), *command]
        with open(folder / "output", "wb") as output:
            # A session of its own: Ctrl-C is for the hub, which then stops its engines in order.
            self._popen = subprocess.Popen(
                tied, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, start_new_session=True
            )
        _write_pid(folder / "pid", self.pid)
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        threading.Thread(target=self._wait, args=(self.ended.get_loop(),), name="engine", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    async def stop(self, patience_s: float = 20.0) -> None:
        """Ask it to end, then make it."""
        self._popen.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(self.ended), patience_s)
        except TimeoutError:
            self._popen.kill()
            await self.ended

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: SIGCHLD belongs to the event loop, and only Linux has pidfd."""
        code = self._popen.wait()
        with suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(self._tell, code)

    def _tell(self, code: int) -> None:
        if not self.ended.done():
            self.ended.set_result(code)


async def reap(folder: Path, patience_s: float = 10.0) -> None:
    """End what an earlier hub left running in `folder`; never a stranger that has got its pid since."""
    try:
        left = json.loads((folder / "pid").read_text("ascii"))
        pid, began = int(left["pid"]), left["began"]
    except (OSError, ValueError, KeyError):
        return
    for kill, seconds in ((signal.SIGTERM, patience_s), (signal.SIGKILL, patience_s)):
        if _began(pid) != began:
            break
        with suppress(ProcessLookupError):
            os.kill(pid, kill)
        await _gone(pid, began, seconds)
    (folder / "pid").unlink(missing_ok=True)


def _write_pid(file: Path, pid: int) -> None:
    draft = file.with_name("pid.new")
    draft.write_text(json.dumps({"pid": pid, "began": _began(pid)}), "ascii")
    draft.replace(file)


async def _gone(pid: int, began: str, seconds: float) -> None:
    for _ in range(int(seconds / 0.02)):
        if _began(pid) != began:
            return
        await asyncio.sleep(0.02)


def _began(pid: int) -> str | None:
    """When it began, in the system's own unit: with the pid, that names a process once. None when it is gone."""
    if not sys.platform.startswith("linux"):
        shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return shown.stdout.strip() or None
    try:
        # proc(5): the name, which may hold anything, stands in brackets; the state is field 3, the start time field 22.
        state, *fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if state in "ZX" else f"{_boot_id()} {fields[18]}"


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
