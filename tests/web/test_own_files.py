"""How the page's own files travel."""

import gzip

import pytest
from aiohttp.test_utils import make_mocked_request

from hub.web.own_files import OwnFiles
from hub.web.routes import STATIC
from tests.web.conftest import Counter

APP = "/static/app.js"
PACKED = {"Accept-Encoding": "gzip, deflate, br"}


async def raw(counter: Counter, path: str, headers: dict[str, str]):
    """As it travels, not as a client unpacks it."""
    visitor = await counter.visitor()
    client = visitor.client.session
    url = f"http://{visitor.client.host}:{visitor.client.port}{path}"
    async with client.get(url, headers=headers, auto_decompress=False) as answer:
        return answer, await answer.read()


async def test_text_travels_compressed_to_whoever_takes_it(counter: Counter):
    plain, whole = await raw(counter, APP, {"Accept-Encoding": "identity"})
    packed, body = await raw(counter, APP, PACKED)
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(body) == whole == (STATIC / "app.js").read_bytes()
    assert len(body) < len(whole) / 2
    assert ("Content-Encoding" in plain.headers, plain.headers["Vary"]) == (False, "Accept-Encoding")


@pytest.mark.parametrize("accept", ["", "br", "gzip;q=0", "identity"])
async def test_who_does_not_take_it_gets_it_plain(counter: Counter, accept: str):
    answer, body = await raw(counter, APP, {"Accept-Encoding": accept})
    assert ("Content-Encoding" in answer.headers, body) == (False, (STATIC / "app.js").read_bytes())


@pytest.mark.parametrize("accept", ["gzip", "identity"])
async def test_what_the_browser_has_does_not_travel_again(counter: Counter, accept: str):
    first, _ = await raw(counter, APP, {"Accept-Encoding": accept})
    again, body = await raw(counter, APP, {"Accept-Encoding": accept, "If-None-Match": first.headers["ETag"]})
    assert (again.status, body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Cache-Control"] == "no-cache"
    changed, _ = await raw(counter, APP, {"Accept-Encoding": accept, "If-None-Match": '"another"'})
    assert changed.status == 200


@pytest.mark.parametrize(
    ("path", "type", "packed"),
    [
        ("/", "text/html; charset=utf-8", True),
        (APP, "text/javascript; charset=utf-8", True),
        ("/static/css/base.css", "text/css; charset=utf-8", True),
        ("/static/locales/pt-BR.json", "application/json; charset=utf-8", True),
        ("/static/vendor/figtree-latin.woff2", "font/woff2", False),
    ],
)
async def test_each_file_has_its_type(counter: Counter, path: str, type: str, packed: bool):
    answer, _ = await raw(counter, path, PACKED)
    assert (answer.headers["Content-Type"], "Content-Encoding" in answer.headers) == (type, packed)


async def test_a_file_that_changed_is_compressed_anew(tmp_path):
    ours, file = OwnFiles(tmp_path), tmp_path / "a.js"
    asked = make_mocked_request("GET", "/static/a.js", headers=PACKED)
    file.write_text("one " * 400)
    first = await ours.answer(asked, "a.js")
    file.write_text("another " * 400)
    second = await ours.answer(asked, "a.js")
    assert first.headers["ETag"] != second.headers["ETag"]
    assert gzip.decompress(second.body) == file.read_bytes()
