"""Headers that every answer carries, and who may write: only our own pages, or a program with its token."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from hub.errors import Refused
from hub.web.front import FRONT

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
A_YEAR_S = 31_536_000


async def put_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Where a route has set its own (the widget's page, a message's frame), that one stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "balcao"  # no versions for those who look for old ones
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-cache")  # asked again each time; 304 when nothing changed
    if is_https(request.app[FRONT].public_url):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR_S}")


def is_https(public_url: str) -> bool:
    return public_url.startswith("https://")


def refuse_cross_site(request: web.Request) -> None:
    """For a write that the browser's cookie would sign. Raises Refused (`cross_site`).

    Sec-Fetch-Site comes from the browser itself (https://www.w3.org/TR/fetch-metadata/); it is left out where the
    page came over plain http from another machine, and there Origin says the same.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site not in ("same-origin", "none") if site is not None else not is_own_origin(request):
        raise Refused("cross_site", "A write must come from the hub's own pages; a program should send a Bearer token.")


def is_own_origin(request: web.Request) -> bool:
    """Whether Origin is there and is the public address, or the host that was asked."""
    origin = request.headers.get("Origin", "").lower()
    if origin == request.app[FRONT].public_url.lower():
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    host = request.headers.get("Host", "").lower()
    return parts.scheme in ("http", "https") and bool(host) and parts.netloc == host and not parts.path


def address_of(request: web.Request) -> str:
    """The reader's network address. Of IPv6 the /64, since a household has one of those."""
    said = request.remote or ""
    if request.app[FRONT].behind_proxy:
        said = request.headers.get("X-Forwarded-For", said).rpartition(",")[2].strip()
    try:
        address = ip_address(said)
    except ValueError:
        return "unknown"
    if address.version == 6 and not address.ipv4_mapped:
        return str(ip_address(int(address) >> 64 << 64))
    return str(address.ipv4_mapped or address) if address.version == 6 else str(address)
