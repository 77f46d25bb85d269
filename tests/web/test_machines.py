"""Machines look in: health, headers, logs, the description; and the page that every address of the inbox is."""

import asyncio
import io
import json
import logging
import sys
from pathlib import Path

import pytest
import structlog

from hub.logs import keep_quiet, set_up_logs
from hub.web.session import issue_token
from tests.web.conftest import Counter


@pytest.fixture
def counter(counter_all_day: Counter) -> Counter:
    return counter_all_day


async def test_the_process_says_that_it_lives(counter: Counter):
    assert (await (await counter.visitor()).get("/healthz")).status == 200


@pytest.mark.parametrize(("part", "status"), [("store", 503), ("feed", 503), ("ephemeral", 200)])
async def test_it_is_ready_when_the_store_answers_and_the_feed_runs(counter: Counter, monkeypatch, part, status):
    visitor = await counter.visitor()
    assert (await visitor.get("/readyz")).status == 200
    monkeypatch.setitem(counter.ails, part, "does not answer")
    answer = await visitor.get("/readyz")
    assert (answer.status, (await answer.json())["parts"][part]) == (status, "does not answer")
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize("path", ["/", "/inbox/mine", "/setup", "/conversations/12"])
async def test_every_address_of_the_inbox_is_the_one_page(counter: Counter, path: str):
    answer = await (await counter.visitor()).get(path)
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert '<div id="app">' in await answer.text()


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api",
        "/hooks",
        "/static/",
        "/static/../routes.py",
        "/static/%2e%2e/routes.py",
        "/static/..%2froutes.py",
        "/static//etc/passwd",
        "/static/%00",
        "/favicon.ico",
        "/wp-login.php",
    ],
)
async def test_what_is_not_there_is_not_there(counter: Counter, path: str):
    from yarl import URL

    visitor = await counter.visitor()
    url = URL(f"http://{visitor.client.host}:{visitor.client.port}{path}", encoded=True)
    async with visitor.client.session.get(url) as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/start", "/api/nothing", "/healthz"])
async def test_every_answer_carries_the_headers(counter: Counter, path: str):
    headers = (await (await counter.visitor()).get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert all(part in policy for part in ("script-src 'self'", "frame-ancestors 'none'", "object-src 'none'"))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Referrer-Policy" in headers
    assert headers["Server"] == "balcao"
    assert headers.get("Cache-Control") == ("no-store" if path.startswith("/api") else headers.get("Cache-Control"))
    assert "Strict-Transport-Security" not in headers


async def test_over_https_browsers_are_told_to_stay_there(counter: Counter, monkeypatch):
    monkeypatch.setattr(counter, "public_url", "https://desk.example")
    visitor = await counter.visitor()
    assert "max-age" in (await visitor.get("/api/start")).headers["Strict-Transport-Security"]
    assert (await visitor.sign_in("ana")).headers["Set-Cookie"].startswith("__Host-hub_session=")


async def test_the_description_is_served(counter: Counter):
    answer = await (await counter.visitor()).get("/api/openapi.json")
    assert (await answer.json())["openapi"] == "3.1.0"


async def test_the_log_has_a_line_a_request_and_no_secrets(counter: Counter):
    heard = io.StringIO()
    before = structlog.get_config(), logging.getLogger().handlers[:], logging.getLogger().level
    set_up_logs("info")
    logging.getLogger().handlers[0].setStream(heard)
    try:
        ana = await counter.browser("ana")
        received = await counter.message("um segredo do cliente")
        await ana.get(f"/api/conversations/{received.conversation}?x=queryword")
        token = await issue_token(counter.house.sessions, counter.house.clock, "ana")
        await ana.get("/api/counts", headers={"Authorization": f"Bearer {token}"})
    finally:
        structlog.configure(**before[0])
        logging.getLogger().handlers[:] = before[1]
        logging.getLogger().setLevel(before[2])
    lines = [json.loads(line) for line in heard.getvalue().splitlines()]
    seen = [line for line in lines if line["event"] == "request" and line["route"] == "/api/conversations/{ref}"]
    assert (seen[0]["method"], seen[0]["user"], seen[0]["level"]) == ("GET", "ana", "info")
    assert seen[0]["ms"] >= 0
    for secret in ("three plain words", "ana@ipe", "segredo", "queryword", token, received.conversation):
        assert secret not in heard.getvalue()


def test_what_is_handed_to_the_log_by_mistake_is_not_written():
    line = keep_quiet(None, "info", {"event": "x", "password": "p", "text": "t", "token": "k", "user": "ana"})
    assert line == {"event": "x", "password": "…", "text": "…", "token": "…", "user": "ana"}


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_the_api_is_what_its_description_says(counter: Counter, tmp_path: Path):
    """schemathesis: every operation, with bodies that fit and bodies that do not; never a 500, never another shape."""
    (tmp_path / "schemathesis.toml").write_text(await _what_there_is(counter))
    token = await issue_token(counter.house.sessions, counter.house.clock, "admin")
    url = str(counter.server.make_url("/api/openapi.json"))
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        url,
        *("--header", f"Authorization: Bearer {token}"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "1", "--workers", "1"),
        *("--checks", "all", "--exclude-checks", "ignored_auth,positive_data_acceptance"),
        # These would end the run's own session; their turn is in test_session.
        *("--exclude-operation-id", "start.sign_out", "--exclude-operation-id", "users.change"),
        *("--no-color", "--suppress-health-check", "all"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said[-6000:]
    assert " generated, " in said, said[-2000:]


async def _what_there_is(counter: Counter) -> str:
    """schemathesis.toml: ids that lead somewhere, so that good answers are looked at too."""
    file = await counter.house.files.put(b"x" * 1000, name="x.txt", type="text/plain")
    received = await counter.message("Oi", visitor="s1", html="<b>Oi</b>", attachments=(file,))
    conversation = await counter.house.reader.conversation(received.conversation)
    ids = {"customers/{id}": conversation.customer, "messages/{id}/frame": received.message, "files/{id}": file.id}
    lines = ["[parameters]", f'"path.ref" = "{conversation.id}"']
    for path, id in ids.items():
        lines += ["[[operations]]", f'include-path = "/api/{path}"', f'parameters = {{ "path.id" = "{id}" }}']
    return "\n".join(lines)
