"""The demo company's house, seeded once for all tests that only look."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hub import demo
from hub.inbox.house import House
from hub.model import Language
from tests.house import built


@pytest.fixture(scope="session")
async def house(mongo_url: str, redis_url: str) -> AsyncIterator[House]:
    """In Portuguese, as most will see it. Nobody may write here."""
    async with open_house(mongo_url, redis_url, f"test_{os.getpid()}_seeded") as made:
        await demo.seed(made, Language.PT_BR)
        yield made


@asynccontextmanager
async def open_house(mongo_url: str, redis_url: str, name: str) -> AsyncIterator[House]:
    async with built(mongo_url, redis_url, name) as parts:
        try:
            yield parts.house
        finally:
            await parts.database.drop()
