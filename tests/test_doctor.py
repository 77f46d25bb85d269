"""`hub doctor` as a person runs it, on a machine with this and that amiss."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from hub.doctor import CHECKS
from hub.engines import mongod
from hub.engines.listening import listening
from hub.engines.ports import free_port
from hub.engines.process import Process
from tests.test_engines import hub_engines


@pytest.fixture
def ask(tmp_path: Path):
    """Runs the doctor in an empty folder; gives its exit code and what it said of each part."""

    async def ask(*options: str, **env: str) -> tuple[int, Mapping[str, str]]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub", "doctor", *options),
            env={**os.environ, "HUB_PORT": "0", "PYTHONPATH": str(Path(__file__).parent.parent), **env},
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        text = (await process.communicate())[0].decode()
        said, name = {}, ""
        for line in text.splitlines():
            if line[:1] in "✓!✗" and line:
                name = line[2:20].strip()
                said[name] = line[0] + " " + line[21:]
            elif name:
                said[name] += line
        assert process.returncode is not None
        return process.returncode, said

    return ask


@pytest.fixture
async def lone_mongod(tmp_path: Path) -> AsyncIterator[str]:
    """A MongoDB without a replica set."""
    port = free_port(tmp_path)
    command = [str(mongod.find()), "--dbpath", str(tmp_path), "--port", str(port), "--bind_ip", "127.0.0.1"]
    process = Process([*command, "--nounixsocket"], tmp_path)
    await asyncio.wait_for(listening(port), 30)
    yield f"mongodb://127.0.0.1:{port}"
    await process.stop()


async def test_it_speaks_of_every_part_and_is_content_where_the_hub_can_run(ask):
    code, said = await ask()
    assert set(said) == {name for name, _ in CHECKS}
    assert code == 0
    assert "in production set HUB_MONGO_URL" in said["Embedded MongoDB"]
    assert "the first start makes" in said["Secret key"]


async def test_wrong_settings_are_told_and_the_rest_is_still_looked_at(ask):
    code, said = await ask(HUB_PORT="eighty")
    assert code == 1
    assert said["Settings"].startswith("✗ Settings: HUB_PORT must be a whole number")
    assert said["libcurl"].startswith("✓")


async def test_what_only_tests_and_checks_need_is_no_fault(ask):
    code, said = await ask(PATH="/nowhere")
    assert code == 0
    assert "make system" in said["Chromium"]
    assert "make check" in said["Node"]
    assert "apt-get install make" in said["make"]


async def test_a_folder_that_cannot_be_used_is_a_fault(ask, tmp_path):
    (tmp_path / "file").touch()
    code, said = await ask(HUB_DATA=str(tmp_path / "file" / "var"))
    assert code == 1
    assert "set HUB_DATA to a folder of your own" in said["Data folder"]


async def test_a_port_in_use_is_a_fault(ask):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = await ask(HUB_PORT=str(taken.getsockname()[1]))
    assert code == 1
    assert "set HUB_PORT" in said["Port"]


async def test_a_key_that_others_can_read_or_that_is_none_is_told(ask, tmp_path):
    key = tmp_path / "var" / "secret.key"
    key.parent.mkdir()
    key.write_text("A" * 43 + "=")
    key.chmod(0o644)
    assert "chmod 600" in (await ask())[1]["Secret key"]
    key.write_text("not a key")
    code, said = await ask()
    assert code == 1
    assert "from your backup" in said["Secret key"]


async def test_servers_that_do_not_answer_are_told(ask):
    code, said = await ask(HUB_MONGO_URL="mongodb://u:hidden@127.0.0.1:1", HUB_REDIS_URL="redis://:hidden@127.0.0.1:1")
    assert code == 1
    assert said["MongoDB"].startswith("✗ does not answer: 127.0.0.1:1")
    assert said["Redis"].startswith("! does not answer")
    assert "not used" in said["Embedded MongoDB"]
    assert "hidden" not in str(said)


async def test_servers_that_answer_are_named(ask, mongo_url, redis_url):
    code, said = await ask(HUB_MONGO_URL=mongo_url, HUB_REDIS_URL=redis_url)
    assert code == 0
    assert "MongoDB 6 gets no more corrections" in said["MongoDB"]
    assert said["Redis"].startswith("✓ Valkey 9.")


async def test_slots_that_are_wrong_are_told_and_mended(ask, mongo, mongo_url, database_name):
    slot = {"conversation": "gone", "weight": 2, "channel": "chat"}
    await mongo[database_name]["agents"].insert_one({"_id": "ana", "name": "Ana Souza", "slots": [slot]})
    place = {"HUB_MONGO_URL": mongo_url, "HUB_DATABASE": database_name}
    said = (await ask(**place))[1]["Agents' slots"]
    assert "they have: Ana Souza" in said
    assert "run hub doctor --mend" in said
    assert "made anew: Ana Souza" in (await ask("--mend", **place))[1]["Agents' slots"]
    assert (await ask(**place))[1]["Agents' slots"] == "✓ equal to the conversations they have"


async def test_a_mongodb_without_a_replica_set_is_a_fault(ask, lone_mongod):
    code, said = await ask(HUB_MONGO_URL=lone_mongod)
    assert code == 1
    assert "--replSet" in said["MongoDB"]


async def test_beside_running_engines_it_looks_at_those(ask, tmp_path):
    with hub_engines(tmp_path / "var") as process:
        code, said = await ask()
        assert code == 0
        assert f"in use by `hub engines` (process {process.pid})" in said["Data folder"]
        assert said["MongoDB"] == "✓ 6.0.5, replica set hub"
        assert said["Redis"].startswith("✓ Valkey 9.")
