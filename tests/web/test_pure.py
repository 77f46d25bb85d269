"""What the web decides without asking anybody."""

from types import SimpleNamespace

import pytest
from aiohttp.test_utils import make_mocked_request

from hub.errors import DeliveryError, Fault, Invalid, NotFound, Refused, Unavailable
from hub.web import files, session
from hub.web.front import FRONT
from hub.web.looking import Looking
from hub.web.problems import problem, status_of
from hub.web.security import address_of, refuse_cross_site
from hub.web.sockets import frame

OWN = "https://desk.example"


def asked(headers=None, *, public_url=OWN, behind_proxy=False, remote=None):
    from aiohttp import web

    app = web.Application()
    app[FRONT] = SimpleNamespace(public_url=public_url, behind_proxy=behind_proxy)
    request = make_mocked_request("POST", "/api/session", headers=headers or {}, app=app)
    return request.clone(remote=remote) if remote else request


# --- problems


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("invalid", ""), 422),
        (Invalid("too_large", ""), 413),
        (Invalid("not_json", ""), 400),
        (Invalid("bad_body", ""), 422),
        (NotFound("not_found", ""), 404),
        (Refused("taken_meanwhile", ""), 409),
        (Refused("answered_meanwhile", ""), 409),
        (Refused("unauthenticated", ""), 401),
        (Refused("bad_signature", ""), 401),
        (Refused("wrong_credentials", ""), 401),
        (Refused("forbidden", ""), 403),
        (Refused("cross_site", ""), 403),
        (Unavailable("too_many", ""), 429),
        (Unavailable("unavailable", ""), 503),
        (Unavailable("overloaded", ""), 503),
        (DeliveryError("x", "", permanent=True), 502),
    ],
)
def test_an_error_has_one_status(error, status):
    assert status_of(error) == status


def test_a_problem_names_every_field():
    import json

    response = problem(Invalid("invalid", "Some fields.", [Fault("from.email", "required", "must be there")], least=3))
    assert response.content_type == "application/problem+json"
    body = json.loads(response.body)
    assert body["fields"] == [{"field": "from.email", "code": "required", "message": "must be there"}]
    assert (body["code"], body["params"], body["detail"]) == ("invalid", {"least": 3}, "Some fields.")


def test_later_says_when():
    assert problem(Unavailable("unavailable", "", 0.2)).headers["Retry-After"] == "1"
    assert problem(Unavailable("too_many", "", 300)).headers["Retry-After"] == "300"


# --- who may write with a cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": OWN},
        {"Origin": "http://192.0.2.7:8080", "Host": "192.0.2.7:8080"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://else.example"},  # behind a proxy that changes Host
    ],
)
def test_our_own_pages_may_write(headers):
    refuse_cross_site(asked(headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": OWN},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://else.example"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "Same-Origin, none"},
        {"Origin": "https://else.example", "Host": "desk.example"},
        {"Origin": "https://desk.example.else.example", "Host": "desk.example"},
        {"Origin": "https://desk.example:8443", "Host": "desk.example"},
        {"Origin": "http://desk.example"},
        {"Origin": "null", "Host": "desk.example"},
        {"Origin": "file://", "Host": ""},
        {"Origin": "https://[", "Host": "["},
        {"Origin": ""},
        {},
    ],
)
def test_nobody_else_may(headers):
    with pytest.raises(Refused) as refused:
        refuse_cross_site(asked({"Host": "192.0.2.1", **headers}))
    assert refused.value.code == "cross_site"


# --- cookies and addresses


def test_over_https_the_cookie_is_bound_to_the_host():
    value = session.set_cookie(OWN, "s3cret", 60)
    assert value == "__Host-hub_session=s3cret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"


def test_over_http_it_still_hides_from_scripts_and_other_sites():
    value = session.set_cookie("http://localhost:8080", "s3cret", 60)
    assert value == "hub_session=s3cret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"


def test_a_forwarded_address_counts_only_behind_a_proxy():
    said = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4"}
    assert address_of(asked(said, remote="127.0.0.1")) == "127.0.0.1"
    assert address_of(asked(said, remote="127.0.0.1", behind_proxy=True)) == "198.51.100.4"


def test_one_household_is_one_address():
    assert address_of(asked(remote="2001:db8:1:2:3:4:5:6")) == address_of(asked(remote="2001:db8:1:2::9"))
    assert address_of(asked(remote="::ffff:192.0.2.1")) == "192.0.2.1"


# --- files


def test_a_file_name_can_not_break_out_of_its_header():
    value = files.disposition('a"; filename=x.html\r\nSet-Cookie: a=b/../\u202eexe.pdf', inline=False)
    assert "\r" not in value
    assert "\n" not in value
    assert value.count('"') == 2
    assert value.startswith("attachment; filename=")
    assert "%2F" not in value


def test_a_name_in_any_script_arrives_whole():
    assert "filename*=UTF-8''or%C3%A7amento%20%E2%82%AC.pdf" in files.disposition("orçamento €.pdf", inline=True)


@pytest.mark.parametrize(
    "type", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "x", "a/b\n"]
)
def test_a_type_that_a_browser_might_run_becomes_bytes(type):
    assert files.plain_type(type) == "application/octet-stream"


def test_pictures_are_known_by_their_bytes():
    assert files.picture_type(b"\x89PNG\r\n\x1a\n....") == "image/png"
    assert files.picture_type(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"
    assert files.picture_type(b"<svg xmlns='http://www.w3.org/2000/svg'>") is None
    assert files.picture_type(b"") is None


# --- sockets


@pytest.mark.parametrize(("letters", "header"), [(10, 2), (125 - 8, 2), (200, 4), (70_000, 10)])
def test_a_frame_says_its_length(letters, header):
    made = frame({"a": "x" * letters})
    assert made[0] == 0x81
    assert len(made) == header + letters + 8
    if header == 4:
        assert int.from_bytes(made[2:4], "big") == letters + 8


def test_who_looks_is_forgotten_unless_it_is_said_again():
    looking = Looking()
    assert looking.note("c1", "ana", "Ana", on=True, now=0)
    assert not looking.note("c1", "ana", "Ana", on=True, now=15)
    assert looking.at("c1", but="bruno") == [("ana", "Ana")]
    assert looking.at("c1", but="ana") == []
    assert list(looking.forget(54)) == []
    assert list(looking.forget(56)) == ["c1"]
    assert looking.at("c1", but="bruno") == []
