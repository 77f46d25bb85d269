"""Twenty thousand assignments with two engines on one store, killed, frozen and woken: nothing that routing promises
is broken at any commit. `make soak` asks for ten times as many."""

import os
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient

from tests.routing.history.storm import storm

ASSIGNMENTS = int(os.environ.get("HUB_TEST_STORM", "20000"))


@pytest.mark.slow
@pytest.mark.timeout(max(1_800, ASSIGNMENTS // 5))
async def test_nothing_that_routing_promises_is_ever_broken(
    mongo: AsyncMongoClient, mongo_url: str, redis_url: str, database_name: str, tmp_path: Path
) -> None:
    async with storm(mongo, mongo_url, redis_url, database_name, tmp_path, seed=20_261_122) as blown:
        await blown.rage(ASSIGNMENTS)
    checker = blown.checker
    print(f"{checker.assigned} assigned, {checker.offered} offered, {checker.by_hand} by hand, ", end="")
    print(f"{blown.killed} engines killed, {blown.frozen} frozen, {blown.quiet} times quiet")
    assert checker.faults[:20] == []
    assert checker.assigned >= ASSIGNMENTS
    assert blown.killed
    assert blown.frozen
