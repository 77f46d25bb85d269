"""The engines, started once a test run, and a database of its own for each test that asks."""

import os
import reprlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser
from pymongo import AsyncMongoClient
from structlog.dev import ConsoleRenderer, plain_traceback

from hub import engines
from hub.store.bootstrap import make_ready
from tests.chromium import MISSING, chromium, program

_NUMBERS = count(1)

# As in the hub: structlog's own way shows what local variables hold, and of a house with all in it that takes minutes.
structlog.configure(
    processors=[*structlog.get_config()["processors"][:-1], ConsoleRenderer(exception_formatter=plain_traceback)]
)

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a machine may be
settings.load_profile("busy")

# Before each test asyncio asks which handler an interrupt has, and Python puts it into words for an error that nobody
# sees: the handler, its task, and what that gave. Of a house with all its events that takes seconds.
reprlib.aRepr.repr_instance = lambda value, level: f"<{type(value).__name__}>"  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class EnginesPlace:
    """Engine settings of this test run. The oplog is small, so that a lost resume token can be had."""

    data: Path
    mongo_url: str | None = None
    redis_url: str | None = None
    oplog_mb: int = 64


@pytest.fixture(scope="session")
async def addresses() -> AsyncIterator[engines.Addresses]:
    """Real servers for all tests of a run. A test that stops or kills one starts its own."""
    with TemporaryDirectory(prefix="balcao-tests-") as folder:
        async with engines.attach_or_start(EnginesPlace(Path(folder)), make_ready, engines.Who.ENGINES) as running:
            yield running


@pytest.fixture(scope="session")
def mongo_url(addresses: engines.Addresses) -> str:
    return addresses.mongo_url


@pytest.fixture(scope="session")
def redis_url(addresses: engines.Addresses) -> str:
    return addresses.redis_url


@pytest.fixture(scope="session")
async def mongo(mongo_url: str) -> AsyncIterator[AsyncMongoClient]:
    """A client of the tests' own, to look behind the hub's back."""
    async with AsyncMongoClient(mongo_url) as client:
        yield client


@pytest.fixture
async def database_name(mongo: AsyncMongoClient) -> AsyncIterator[str]:
    """A name that no other test has, for MongoDB and as the prefix of keys in Redis; dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    yield name
    for made in await mongo.list_database_names():
        if made == name or made.startswith(f"{name}_"):  # the demo company has a database beside
            await mongo.drop_database(made)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no Chromium the browser tests say so, each with the one command to get it."""
    if program() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    return _nothing_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    return _nothing_skipped((yield))


def _nothing_skipped(report):
    """Where everything must be at hand (`.ci/run`), a skipped test is a failed one."""
    elsewhere = "corpora" in str(report.longrepr)  # they lie beside the project, not in it
    if (
        report.skipped
        and not elsewhere
        and not hasattr(report, "wasxfail")
        and os.environ.get("HUB_TEST_NOTHING_SKIPPED")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {report.longrepr}"
    return report
