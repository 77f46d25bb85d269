"""The commands, as somebody types them: beside a running hub, and without one."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.faults.harness import COMPANY, OWNER, HubProcess

pytestmark = pytest.mark.slow

Typed = Callable[..., "subprocess.CompletedProcess[str]"]
WAIT_S = 100
EXAMPLE = Path(__file__).parent.parent / "config" / "routing.example.toml"


@pytest.fixture(scope="module")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HubProcess]:
    hub = HubProcess(tmp_path_factory.mktemp("commands"))
    await hub.start()
    yield hub
    hub.kill()


@pytest.fixture(scope="module")
def typed(hub: HubProcess) -> Typed:
    def type_in(*words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        env = {key: value for key, value in os.environ.items() if not key.startswith("HUB_")}
        env |= {"HUB_DATA": str(hub.data), "HUB_PORT": str(hub.port)}
        command = [sys.executable, "-m", "hub", *words]
        return subprocess.run(
            command, env=env, input=given, capture_output=True, text=True, timeout=WAIT_S, check=False
        )

    return type_in


async def asked(hub: HubProcess, method: str, path: str, **body: object) -> int:
    async with ClientSession(hub.url, headers={"Origin": hub.url}) as session:
        async with session.request(method, path, json=body or None) as answer:
            return answer.status


async def test_before_the_first_run_page_a_command_says_what_to_do(typed: Typed) -> None:
    said = await asyncio.to_thread(typed, "channel", "add", "webhook", "--name", "ERP")
    assert (said.returncode, "set-up link" in said.stderr) == (2, True)


async def test_a_channel_added_beside_the_hub_is_open_within_a_moment(hub: HubProcess, typed: Typed) -> None:
    token = re.search(r"/setup#(\S+)", hub.said)[1]
    assert await asked(hub, "POST", "/api/setup", token=token, **COMPANY, **OWNER) == 201
    said = await asyncio.to_thread(typed, "channel", "add", "webhook", "--name", "ERP")
    key = re.search(r"^key +(\S+)$", said.stdout, re.MULTILINE)[1]
    for _ in range(50):
        status = await asked(hub, "POST", f"/hooks/{key}", text="unsigned")
        if status != 404:
            break
        await asyncio.sleep(0.1)
    assert status == 401


async def test_somebody_added_beside_the_hub_can_sign_in(hub: HubProcess, typed: Typed) -> None:
    words = ("user", "add", "--email", "Bruno@Ipe.example", "--name", "Bruno", "--role", "agent", "--password-stdin")
    said = await asyncio.to_thread(typed, *words, given="four plain words here\n")
    assert "bruno@ipe.example" in said.stdout
    credentials = {"email": "bruno@ipe.example", "password": "four plain words here"}
    assert await asked(hub, "POST", "/api/session", **credentials) == 200


async def test_a_role_that_there_is_not_is_refused_in_words(typed: Typed) -> None:
    said = await asyncio.to_thread(typed, "user", "add", "--email", "x@y.example", "--name", "X", "--role", "boss")
    assert (said.returncode, "agent, supervisor, admin" in said.stderr) == (2, True)


async def test_a_token_opens_the_api_and_stands_nowhere_else(hub: HubProcess, typed: Typed) -> None:
    token = (await asyncio.to_thread(typed, "token", "create", "--user", OWNER["email"])).stdout.strip()
    async with ClientSession(hub.url, headers={"Authorization": f"Bearer {token}"}) as program:
        async with program.get("/api/counts") as answer:
            assert answer.status == 200
    assert token not in hub.said


async def test_without_a_hub_the_commands_work_as_well(hub: HubProcess, typed: Typed) -> None:
    hub.kill()
    said = await asyncio.to_thread(typed, "channel", "list")
    assert re.search(r"webhook +ERP +on", said.stdout), said.stderr
    assert "whsec_" not in said.stdout


async def test_the_demo_does_not_close_a_real_company(hub: HubProcess, typed: Typed) -> None:
    said = await asyncio.to_thread(typed, "demo")
    assert (said.returncode, "HUB_DATA=var/demo" in said.stderr) == (1, True)


async def test_a_file_of_rules_is_checked_without_a_hub(typed: Typed, tmp_path: Path) -> None:
    said = await asyncio.to_thread(typed, "routing", "check", str(EXAMPLE))
    assert (said.returncode, said.stdout) == (0, "5 rules, no faults\n")
    faulty = tmp_path / "rules.toml"
    faulty.write_text('[[rule]]\nname = "Gold"\nthen = { priority = 10 }\n')
    said = await asyncio.to_thread(typed, "routing", "check", str(faulty))
    assert (said.returncode, "Gold: then.priority: Expected a whole number from 0 to 9" in said.stdout) == (1, True)
