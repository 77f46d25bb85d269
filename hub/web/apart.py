"""Cleans HTML in a process of its own, with limits: some input is made to take minutes or gigabytes."""

import asyncio
import json
import resource
import sys
from collections.abc import Mapping
from contextlib import suppress

from hub.inbox.html import Cleaned, clean, tags_in

# Below both, the worst that could be built took 0.3 s; a usual newsletter takes 5 ms.
TAGS_MOST = 1_000
CHARACTERS_MOST = 50_000

CPU_S = 2
MEMORY_BYTES = 512 * 1024 * 1024
RESULT_MOST = 4 * 1024 * 1024
PATIENCE_S = 6.0


async def cleaned(html: str, files: Mapping[str, str], cleaners: asyncio.Semaphore) -> Cleaned | None:
    """None when it cannot be cleaned within the limits: show the text instead.

    `cleaners`: how many processes at a time, however many frames an agent opens.
    """
    if len(html) <= CHARACTERS_MOST and tags_in(html) <= TAGS_MOST:
        return clean(html, files)
    async with cleaners:
        return await _apart(html, files)


async def _apart(html: str, files: Mapping[str, str]) -> Cleaned | None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub.web.apart"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        given = json.dumps({"html": html, "files": dict(files)}).encode()
        out, _ = await asyncio.wait_for(child.communicate(given), PATIENCE_S)
    except TimeoutError:
        out = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not out or len(out) > RESULT_MOST:
        return None
    found = json.loads(out)
    return Cleaned(found["html"], found["blocked"])


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    given = json.load(sys.stdin)
    result = clean(given["html"], given["files"])
    json.dump({"html": result.html, "blocked": result.blocked}, sys.stdout)


if __name__ == "__main__":
    main()
