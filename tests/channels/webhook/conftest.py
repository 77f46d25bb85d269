"""A whole hub (real server, real store), and a foreign system that knows one of its webhooks."""

import os
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hub.app import Hub
from hub.channels.webhook import channel as webhook
from hub.engines import Addresses
from hub.inbox.channels import add_channel
from hub.settings import Settings
from hub.web.site import site
from tests.cast import Hire
from tests.channels.webhook.source import Source, known, until


@pytest.fixture(scope="module")
async def hub(addresses: Addresses, mongo: Any, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hub]:
    """One for all tests here; each has a webhook of its own."""
    settings = Settings(
        data=tmp_path_factory.mktemp("hub"),
        port=0,
        database=f"test_hook_{os.getpid()}",
        mongo_url=addresses.mongo_url,
        redis_url=addresses.redis_url,
    )
    hub = Hub(settings, addresses, frozenset({"web"}))
    async with hub.open():
        await hub.house.filing.submit(Hire())
        runner = web.AppRunner(site(hub, webhook.routes(hub)), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hub.port = runner.addresses[0][1]
        yield hub
        await runner.cleanup()
    await mongo.drop_database(settings.database)


@pytest.fixture
async def source(hub: Hub) -> AsyncIterator[Source]:
    record, secret = await add_channel(hub.house, kind="webhook", name="Shop")
    await until(lambda: known(hub, record.key) and record.id in hub.house.directory.channels)
    assert secret
    async with aiohttp.ClientSession() as http:
        yield Source(hub, http, record.id, record.key, secret)
