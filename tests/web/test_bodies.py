"""What comes in is typed, and nothing besides; every refusal is a problem that says what was expected."""

import pytest

from tests.web.conftest import OURS, Counter

JSON = {**OURS, "Content-Type": "application/json"}


@pytest.fixture
def counter(counter_all_day: Counter) -> Counter:
    """What is refused leaves nothing behind."""
    return counter_all_day


async def refused(answer, status: int, code: str) -> dict:
    assert answer.content_type == "application/problem+json", await answer.text()
    problem = await answer.json()
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code), problem
    return problem


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "admin"}, "role"),
        ({"theme": "dark", "id": "admin"}, "id"),
        ({"disabled_at": None}, "disabled_at"),
        ({"password": "three other words"}, "password"),
        ({"$set": {"role": "admin"}}, "$set"),
    ],
)
async def test_nobody_sets_more_of_themselves_than_is_theirs(counter: Counter, body: dict, field: str):
    ana = await counter.browser("ana")
    problem = await refused(await ana.patch("/api/me", **body), 422, "invalid")
    assert [(each["field"], each["code"]) for each in problem["fields"]] == [(field, "unknown_field")]
    assert (await counter.house.reader.user("ana")).role == "agent"


async def test_a_reply_cannot_name_its_author_or_its_state(counter: Counter):
    received, ana = await counter.message(visitor="replied"), await counter.browser("ana")
    path = f"/api/conversations/{received.conversation}/replies"
    for more in ({"author": "bruno"}, {"delivery": "sent"}, {"conversation": "x"}, {"at": "2020-01-01T00:00:00Z"}):
        answer = await ana.post(path, id="reply-000001", text="Oi", last_out_seq=0, **more)
        await refused(answer, 422, "invalid")
    assert len(await counter.house.reader.messages(received.conversation, before=None, limit=9)) == 1


OPERATORS = [{"$ne": ""}, {"$gt": ""}, {"$regex": ".*"}, {"$where": "1"}, ["ana@ipe.example"], 0, True, None]


@pytest.mark.parametrize("operator", OPERATORS)
async def test_no_operator_signs_in(counter: Counter, operator):
    visitor = await counter.visitor()
    await refused(await visitor.post("/api/session", email=operator, password=operator), 422, "invalid")
    await refused(await visitor.post("/api/session", email="ana@ipe.example", password=operator), 422, "invalid")


@pytest.mark.parametrize("operator", [{"$ne": None}, {"$gt": ""}, ["ana"], {"$oid": "0" * 24}])
async def test_no_operator_reaches_a_verb(counter: Counter, operator):
    received, ana = await counter.message(), await counter.browser("ana")
    path = f"/api/conversations/{received.conversation}"
    await refused(await ana.post(f"{path}/assign", assignee=operator), 422, "invalid")
    await refused(await ana.post(f"{path}/notes", id=operator, text="x"), 422, "invalid")
    await refused(await ana.post(f"{path}/notes", id="note-0000001", text=operator), 422, "invalid")
    await refused(await ana.post(f"{path}/seen", seq=operator), 422, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "view[$ne]=mine",
        "view=mine&view=all",
        "view=everything",
        "limit=0",
        "limit=201",
        "limit=1e2",
        "after[$gt]=",
        "after=%00",
        "after=e30",
        "after=OTk5OTk5OTk5OTk5OTk5OTk5OTk6YQ",
        "sort=name",
        "$where=1",
    ],
)
async def test_no_operator_comes_by_the_query(counter: Counter, query: str):
    ana = await counter.browser("ana")
    await refused(await ana.get(f"/api/conversations?{query}"), 422, "invalid")


@pytest.mark.parametrize("ref", ["$ne", "%7B%22$ne%22:1%7D", "..%2F..%2Fusers", "A" * 41, "%00", "a b", "é"])
async def test_a_reference_that_can_be_none_is_not_found(counter: Counter, ref: str):
    ana = await counter.browser("ana")
    await refused(await ana.get(f"/api/conversations/{ref}"), 404, "not_found")


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"x"', 422, "invalid"),
        (b'{"theme":' + b"[" * 40 + b"]" * 40 + b"}", 422, "too_deep"),
        (b'{"theme": NaN}', 422, "invalid"),
        (b'{"theme": "\\ud800"}', 422, "invalid"),
        (b'{"single_keys": 1}', 422, "invalid"),
        (b'{"single_keys": "true"}', 422, "invalid"),
        (b" " * (1024 * 1024 + 1), 413, "too_large"),
    ],
)
async def test_what_is_no_proper_body_is_refused(counter: Counter, raw: bytes, status: int, code: str):
    ana = await counter.browser("ana")
    await refused(await ana.client.patch("/api/me", data=raw, headers=JSON), status, code)


async def test_a_form_is_no_json(counter: Counter):
    ana = await counter.browser("ana")
    answer = await ana.client.patch("/api/me", data={"theme": "dark"}, headers=OURS)
    await refused(answer, 415, "not_json_type")


async def test_what_was_sent_is_not_said_back(counter: Counter):
    visitor = await counter.visitor()
    answer = await visitor.post(
        "/api/session", email="ana@ipe.example", password="hunter2-hunter2", more="hunter2-hunter2"
    )
    assert "hunter2" not in await answer.text()


async def test_an_unknown_address_is_a_problem_too(counter: Counter):
    visitor = await counter.visitor()
    await refused(await visitor.get("/api/nothing"), 404, "not_found")
    await refused(await visitor.get("/static/nothing.js"), 404, "not_found")
    answer = await visitor.client.put("/api/session", headers=OURS)
    await refused(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(",")) == {"POST", "DELETE"}


async def test_a_fault_of_ours_shows_a_reference_and_nothing_else(counter: Counter, monkeypatch, capfd):
    async def broken():
        raise RuntimeError("a secret detail")

    ana = await counter.browser("ana")
    monkeypatch.setattr(type(counter.house.reader), "counts", lambda self: broken())
    problem = await refused(await ana.get("/api/counts"), 500, "unknown")
    assert "secret detail" not in str(problem)
    assert problem["params"]["reference"] in "".join(capfd.readouterr())
