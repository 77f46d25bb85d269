"""What makes of a mongod that has just been started a store that the hub can use."""

import asyncio
from collections.abc import Mapping
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from hub.errors import Unavailable

# https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
_AUTHENTICATION_FAILED = 18
_ALREADY_INITIALIZED = 23
_NOT_YET_INITIALIZED = 94

_Client = AsyncMongoClient[Mapping[str, Any]]


async def make_ready(url: str) -> None:
    """Make the mongod at `url` a writable one-node replica set that lets in the user whom `url` names.

    May run again, whatever an earlier run got done, also when the node has moved to another port. Raises Unavailable.
    """
    try:
        await _make_ready(url)
    except PyMongoError as error:
        raise Unavailable("store_not_ready", f"The embedded MongoDB runs, but could not be set up: {error}") from error


async def _make_ready(url: str) -> None:
    wanted = parse_uri(url)
    host, port = wanted["nodelist"][0]
    name, user, password = wanted["options"]["replicaSet"], wanted["username"], wanted["password"]
    async with _client(host, port, username=user, password=password) as client:
        if await _lets_in(client):
            await _follow_move(client, f"{host}:{port}")
            await _writable(client)
            return
    # Nobody has been made yet: MongoDB's localhost exception lets the first one be.
    async with _client(host, port) as client:
        await _initiate(client, name, f"{host}:{port}")
        await _writable(client)
        ways = ["SCRAM-SHA-256"]
        await client.admin.command("createUser", user, pwd=password, roles=["root"], mechanisms=ways)


def _client(host: str, port: int, **credentials: Any) -> _Client:
    return AsyncMongoClient(host, port, directConnection=True, serverSelectionTimeoutMS=10_000, **credentials)


async def _lets_in(client: _Client) -> bool:
    try:
        await client.admin.command("ping")
    except OperationFailure as error:
        if error.code != _AUTHENTICATION_FAILED:
            raise
        return False
    return True


async def _initiate(client: _Client, name: str, address: str) -> None:
    try:
        await client.admin.command("replSetInitiate", {"_id": name, "members": [{"_id": 0, "host": address}]})
    except OperationFailure as error:
        if error.code != _ALREADY_INITIALIZED:
            raise


async def _follow_move(client: _Client, address: str) -> None:
    """A node that finds itself at an address that its configuration does not name leaves the set."""
    config = await _config(client)
    if config["members"][0]["host"] == address:
        return
    members = [{**config["members"][0], "host": address}]
    await client.admin.command(
        "replSetReconfig", {**config, "version": config["version"] + 1, "members": members}, force=True
    )


async def _config(client: _Client) -> Mapping[str, Any]:
    """Known only when the node has asked at its old address: up to 30 s when somebody there is silent."""
    while True:
        try:
            answer = await client.admin.command("replSetGetConfig")
        except OperationFailure as error:
            if error.code != _NOT_YET_INITIALIZED:
                raise
            await asyncio.sleep(0.02)
        else:
            config: Mapping[str, Any] = answer["config"]
            return config


async def _writable(client: _Client) -> None:
    """Elected within some 20 ms; whoever waits for it bounds the time."""
    while not (await client.admin.command("hello"))["isWritablePrimary"]:
        await asyncio.sleep(0.01)
