"""Signing in and out, and who is nobody."""

from dataclasses import replace
from datetime import timedelta

from hub.inbox.users import change_user
from hub.web.session import digest, issue_token
from tests.web.conftest import OURS, PASSWORD, Counter


async def test_a_stranger_is_told_where_they_stand_and_no_more(counter: Counter):
    stranger = await counter.visitor()
    start = await (await stranger.get("/api/start")).json()
    assert (start["setup_needed"], start["me"], start["company"]["name"]) == (False, None, "Loja Ipê")
    assert (await stranger.get("/api/conversations")).status == 401


async def test_signing_in_answers_like_the_start_and_sets_a_cookie_scripts_cannot_read(counter: Counter):
    browser = await counter.visitor()
    answer = await browser.sign_in("ana")
    assert (await answer.json())["me"]["email"] == "ana@ipe.example"
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert (await (await browser.get("/api/start")).json())["me"]["role"] == "agent"


async def test_an_id_that_was_put_into_the_browser_before_never_becomes_a_session(counter: Counter):
    browser = await counter.visitor()
    browser.client.session.cookie_jar.update_cookies({"hub_session": "planted"}, browser.client.make_url("/"))
    answer = await browser.sign_in("ana")
    assert answer.cookies["hub_session"].value != "planted"
    assert await counter.house.sessions.find(digest("planted")) is None


async def test_each_sign_in_has_an_id_of_its_own_and_ends_the_one_before(counter: Counter):
    browser = await counter.visitor()
    first, second = [(await browser.sign_in("ana")).cookies["hub_session"].value for _ in range(2)]
    assert first != second
    assert len(first) >= 43
    assert await counter.house.sessions.find(digest(first)) is None


async def test_a_wrong_password_and_no_such_account_get_the_same_answer(counter: Counter):
    browser = await counter.visitor()
    known = await browser.sign_in("ana", "not this one")
    unknown = await browser.sign_in("nobody", "not this one")
    assert known.status == unknown.status == 401
    assert await known.json() == await unknown.json()
    assert (await known.json())["code"] == "wrong_credentials"


async def test_they_take_the_same_time(counter: Counter):
    import asyncio

    clock, browser = asyncio.get_running_loop().time, await counter.visitor()
    took = {"ana": [], "nobody": []}
    for _ in range(3):
        for who in took:
            began = clock()
            await browser.sign_in(who, "not this one")
            took[who].append(clock() - began)
    known, unknown = min(took["ana"]), min(took["nobody"])
    assert 0.5 < unknown / known < 2


async def test_ten_failures_lock_the_account_for_a_while_even_with_the_right_password(counter: Counter):
    browser = await counter.visitor()
    for _ in range(10):
        assert (await browser.sign_in("ana", "not this one")).status == 401
    locked = await browser.sign_in("ana")
    assert (locked.status, locked.headers["Retry-After"]) == (429, "300")
    assert (await locked.json())["code"] == "too_many"


async def test_what_succeeds_does_not_count(counter: Counter):
    browser = await counter.visitor()
    assert [(await browser.sign_in("ana")).status for _ in range(12)] == [200] * 12


async def test_one_address_may_not_try_all_accounts(counter: Counter):
    browser = await counter.visitor()
    statuses = [(await browser.sign_in(f"guess{n}", "not this one")).status for n in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_signing_out_ends_the_session_and_its_sockets(counter: Counter):
    browser = await counter.browser("ana")
    screen = await browser.live()
    await screen.next("hello")
    answer = await browser.delete("/api/session")
    assert answer.status == 204
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert (await screen.next("bye"))["why"] == "signed_out"
    assert (await browser.get("/api/counts")).status == 401


async def test_other_browsers_of_the_same_person_stay(counter: Counter):
    first, second = await counter.browser("ana"), await counter.browser("ana")
    await first.delete("/api/session")
    assert (await second.get("/api/counts")).status == 200


async def test_who_is_disabled_is_out_at_once(counter: Counter):
    browser = await counter.browser("ana")
    token = await issue_token(counter.house.sessions, counter.house.clock, "ana")
    screen = await browser.live()
    await screen.next("hello")
    admin = await counter.browser("admin")
    assert (await admin.patch("/api/users/ana", disabled=True)).status == 200
    assert (await screen.next("bye"))["why"] == "signed_out"
    assert (await browser.get("/api/counts")).status == 401
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await (await counter.visitor()).get("/api/counts", headers=bearer)).status == 401
    assert (await browser.sign_in("ana")).status == 401


async def test_disabled_elsewhere_is_out_here_too(counter: Counter):
    browser = await counter.browser("ana")
    screen = await browser.live()
    await screen.next("hello")
    await change_user(counter.house, "ana", disabled=True)  # as another process or the command line does
    assert (await screen.next("bye"))["why"] == "signed_out"
    assert (await browser.get("/api/counts")).status == 401


async def test_a_new_password_ends_the_sessions_that_the_old_one_opened(counter: Counter):
    browser, admin = await counter.browser("ana"), await counter.browser("admin")
    await admin.patch("/api/users/ana", password="three other words")
    assert (await browser.get("/api/counts")).status == 401
    assert (await browser.sign_in("ana", PASSWORD)).status == 401
    assert (await browser.sign_in("ana", "three other words")).status == 200


async def test_a_session_has_an_end(counter: Counter):
    browser = await counter.browser("ana")
    secret = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/"))["hub_session"].value
    session = await counter.house.sessions.find(digest(secret))
    late = counter.house.clock.now() - timedelta(seconds=1)
    await counter.house.sessions.revoke(session.id)
    await counter.house.sessions.create(replace(session, expires_at=late))
    assert (await browser.get("/api/counts")).status == 401


async def test_a_token_signs_requests_without_a_browser(counter: Counter):
    token = await issue_token(counter.house.sessions, counter.house.clock, "ana", "reports")
    assert token.startswith("hub_")
    program = await counter.visitor()
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await program.get("/api/counts", headers=bearer)).status == 200
    changed = await program.client.patch("/api/me", json={"theme": "dark"}, headers=bearer)
    assert (changed.status, (await changed.json())["theme"]) == (200, "dark")


async def test_a_token_is_no_cookie_and_a_session_no_token(counter: Counter):
    token = await issue_token(counter.house.sessions, counter.house.clock, "ana")
    visitor = await counter.visitor()
    assert (await visitor.get("/api/counts", headers={"Cookie": f"hub_session={token}"})).status == 401
    secret = (await (await counter.visitor()).sign_in("ana")).cookies["hub_session"].value
    assert (await visitor.get("/api/counts", headers={"Authorization": f"Bearer {secret}"})).status == 401


async def test_a_broken_authorization_is_not_mended_by_a_cookie(counter: Counter):
    browser = await counter.browser("ana")
    for authorization in ("Basic YTpi", "Bearer", "Bearer hub_x", "x"):
        assert (await browser.get("/api/counts", headers={"Authorization": authorization})).status == 401


async def test_another_site_cannot_write_with_our_cookie(counter: Counter):
    browser = await counter.browser("ana")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        answer = await browser.client.patch("/api/me", json={"theme": "dark"}, headers=headers)
        assert (answer.status, (await answer.json())["code"]) == (403, "cross_site")
    assert (await (await browser.get("/api/start")).json())["me"]["theme"] == "system"
    assert (await browser.client.patch("/api/me", json={"theme": "dark"}, headers=OURS)).status == 200


async def test_another_site_cannot_sign_somebody_in_as_itself(counter: Counter):
    visitor = await counter.visitor()
    body = {"email": "ana@ipe.example", "password": PASSWORD}
    answer = await visitor.client.post("/api/session", json=body, headers={"Origin": "https://evil.example"})
    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers
