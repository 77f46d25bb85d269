"""The engine on a real store: whom it gives what, when, and what it says of it."""

from collections.abc import AsyncIterator

import pytest

from hub.events import Kind
from tests.routing.company import Company, opened


@pytest.fixture
async def company(mongo_url: str, redis_url: str, database_name: str) -> AsyncIterator[Company]:
    """With one engine at work. Nobody is here yet."""
    async with opened(mongo_url, redis_url, database_name) as made:
        await made.engine()
        yield made


async def test_a_new_conversation_goes_to_who_is_here_and_says_why(company: Company) -> None:
    await company.here("ana")
    id = await company.writes()
    assert await company.given_to(id) == "ana"
    (told,) = await company.events(Kind.CONVERSATION_ASSIGNED)
    assert told.data["decision"]["why"] == "only_one"
    assert told.cause


async def test_what_waits_says_why_and_is_given_when_somebody_comes(company: Company) -> None:
    id = await company.writes()
    await company.waits_because(id, "nobody_here")
    await company.here("bruno")
    assert await company.given_to(id) == "bruno"
