"""The first-run page: a one-time link, no default password."""

from collections.abc import AsyncIterator

import pytest

from hub.inbox.setup import new_setup_link
from tests.web.conftest import Counter, open_counter

FORM = {
    "company": "Padaria Sol",
    "time_zone": "America/Recife",
    "language": "pt-BR",
    "name": "Dora",
    "email": "dora@sol.example",
    "password": "three plain words",
}


@pytest.fixture
async def empty(mongo_url: str, redis_url: str, database_name: str) -> AsyncIterator[Counter]:
    async with open_counter(mongo_url, redis_url, database_name, hired=False) as made:
        yield made


async def token_of(empty: Counter) -> str:
    link = await new_setup_link(empty.house)
    assert link
    return link.partition("#")[2]


async def test_an_empty_hub_asks_to_be_set_up_and_lets_nobody_in(empty: Counter):
    visitor = await empty.visitor()
    start = await (await visitor.get("/api/start")).json()
    assert (start["setup_needed"], start["company"]) == (True, None)
    for password in ("admin", "password", "three plain words"):
        assert (await visitor.post("/api/session", email="admin@localhost.example", password=password)).status == 401


async def test_the_link_makes_the_company_and_signs_its_admin_in_once(empty: Counter):
    visitor, token = await empty.visitor(), await token_of(empty)
    made = await visitor.post("/api/setup", token=token, **FORM)
    start = await made.json()
    assert (made.status, start["me"]["role"], start["company"]["name"]) == (201, "admin", "Padaria Sol")
    assert (await visitor.get("/api/users")).status == 200
    again = await (await empty.visitor()).post("/api/setup", token=token, **FORM | {"email": "eve@evil.example"})
    assert again.status == 409
    assert [user.email for user in await empty.house.reader.users()] == ["dora@sol.example"]


async def test_no_other_token_does(empty: Counter):
    visitor = await empty.visitor()
    await token_of(empty)
    for token in ("x", "0" * 43):
        assert (await visitor.post("/api/setup", token=token, **FORM)).status == 409
    assert await empty.house.reader.users() == []


async def test_guessing_the_link_ends_soon(empty: Counter):
    visitor = await empty.visitor()
    statuses = [(await visitor.post("/api/setup", token=f"guess{n}", **FORM)).status for n in range(11)]
    assert statuses == [409] * 10 + [429]


async def test_the_form_names_each_wrong_field(empty: Counter):
    answer = await (await empty.visitor()).post("/api/setup", token="x", **FORM | {"language": "tlh", "company": ""})
    fields = {each["field"]: each["code"] for each in (await answer.json())["fields"]}
    assert fields == {"language": "not_one_of", "company": "too_short"}
