"""F1: the hub is killed under load, and nothing that it acknowledged is lost or there twice."""

from pathlib import Path

import pytest

from tests.faults.kill import Campaign, Outcome

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def engines_apart(mongo_url: str, redis_url: str, database_name: str) -> dict[str, str]:
    """Engines that live on when a hub is killed, and a database of the test's own."""
    return {"HUB_MONGO_URL": mongo_url, "HUB_REDIS_URL": redis_url, "HUB_DATABASE": database_name}


async def test_a_hub_killed_with_its_engines_loses_and_doubles_nothing(tmp_path: Path) -> None:
    all_is_well(await Campaign(tmp_path, times=2).run())


async def test_a_hub_killed_beside_its_engines_loses_and_doubles_nothing(
    tmp_path: Path, engines_apart: dict[str, str]
) -> None:
    """The store lives on, with whatever transaction the hub had open."""
    all_is_well(await Campaign(tmp_path, times=1, env=engines_apart).run())


async def test_a_hub_that_acknowledges_before_it_stores_is_found_out(
    tmp_path: Path, engines_apart: dict[str, str]
) -> None:
    outcome = await Campaign(tmp_path, times=1, env=engines_apart, victim="tests.faults.hasty").run()
    print(outcome)
    assert outcome.findings.missing


def all_is_well(outcome: Outcome) -> None:
    print(outcome)
    assert not outcome.findings.faults, str(outcome)
    assert outcome.findings.acknowledged > 100, "too little load to tell anything"
    assert max(outcome.ready_s) < 30  # 3 s on a quiet machine
