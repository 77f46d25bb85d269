"""One process of a storm: an engine that is forced on, or a crowd of people. `python -m tests.routing.history.process`

Arguments: engine or crowd, the addresses of MongoDB and Redis, the database, a seed.
A crowd pauses and goes on at SIGUSR1, and ends at SIGTERM with whatever it has in hand done.
"""

import asyncio
import signal
import sys

import uvloop

from hub.routing.engine import Engine
from tests.house import built
from tests.routing.history.crowd import Crowd


async def main(role: str, mongo_url: str, redis_url: str, name: str, seed: int) -> None:
    async with built(mongo_url, redis_url, name) as parts:
        await parts.follow()
        over = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
        if role == "engine":
            engine = Engine(parts.house, forced=True)
            await engine.start()
            await over.wait()
            await engine.stop()
        else:
            crowd = Crowd(parts.house, seed)
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, crowd.pause_or_go_on)
            await crowd.live(over)


if __name__ == "__main__":
    role, mongo_url, redis_url, name, seed = sys.argv[1:]
    uvloop.run(main(role, mongo_url, redis_url, name, int(seed)))
