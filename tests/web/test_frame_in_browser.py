"""A hostile mail in a real browser: it shows, and can do nothing."""

from base64 import b64decode

import pytest
from playwright.async_api import Browser

from tests.web.conftest import PASSWORD, Counter

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg=="
)
HOSTILE = """
<p style="color: red; position: fixed">Olá <a href="https://shop.example/x">loja</a></p>
<img src="cid:logo.png"><img src="https://tracker.example/p.gif">
<script>parent.hacked = 1</script><img src=x onerror="parent.hacked = 2">
<svg onload="parent.hacked = 3"></svg><iframe srcdoc="<script>top.hacked = 4</script>"></iframe>
<form action="https://evil.example"><button>OK</button></form><base href="https://evil.example/">
"""
LOOK = """async (id) => {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
  frame.src = `/api/messages/${id}/frame`;
  await new Promise((loaded) => { frame.onload = loaded; document.body.append(frame); });
  const inside = frame.contentDocument;
  return {
    text: inside.body.textContent, colour: getComputedStyle(inside.querySelector("p")).color,
    position: getComputedStyle(inside.querySelector("p")).position,
    pictures: [...inside.images].map((image) => image.naturalWidth), hacked: window.hacked ?? null,
    target: inside.querySelector("a").target, blocked: inside.body.dataset.blocked, forms: inside.forms.length,
  };
}"""


@pytest.mark.browser
async def test_a_hostile_mail_shows_and_does_nothing(counter: Counter, browser: Browser):
    logo = await counter.house.files.put(PIXEL, name="logo.png", type="image/png")
    received = await counter.message("Olá", html=HOSTILE, attachments=(logo,))
    async with await browser.new_page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        home = str(counter.server.make_url("/"))
        await page.goto(f"{home}healthz")
        signed_in = await page.evaluate(
            """(body) => fetch("/api/session", {method: "POST", body: JSON.stringify(body),
               headers: {"content-type": "application/json"}}).then((answer) => answer.status)""",
            {"email": "ana@ipe.example", "password": PASSWORD},
        )
        assert signed_in == 200
        seen = await page.evaluate(LOOK, received.message)
    assert "Olá loja" in seen["text"]
    assert (seen["colour"], seen["position"]) == ("rgb(255, 0, 0)", "static")
    assert seen["pictures"][0] == 2
    assert (seen["hacked"], seen["target"], seen["blocked"], seen["forms"]) == (None, "_blank", "2", 0)
    assert all(url.startswith((home, "data:")) for url in asked), asked
