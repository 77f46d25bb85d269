"""Waiting until somebody answers on a port of this machine. The caller bounds the time."""

import asyncio
from contextlib import suppress

_PAUSE_S = 0.02


async def listening(port: int) -> None:
    await answering(port, b"", b"")


async def answering(port: int, question: bytes, answer: bytes) -> None:
    """Ask until the answer begins as expected."""
    while not await _answers(port, question, answer):
        await asyncio.sleep(_PAUSE_S)


async def _answers(port: int, question: bytes, answer: bytes) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(question)
        return await asyncio.wait_for(reader.readexactly(len(answer)), 1.0) == answer
    except (OSError, EOFError, TimeoutError):
        return False
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
