"""Who is signed in. The store has the hash of each secret, so that its reader can sign in as nobody."""

import asyncio
from datetime import timedelta
from hashlib import sha256

from aiohttp import web

from hub import addresses
from hub.errors import Invalid, Refused, Unavailable
from hub.inbox.house import House
from hub.inbox.passwords import NOBODY, verify_password
from hub.model import Session, User
from hub.ports import Clock, Sessions
from hub.web.front import FRONT
from hub.web.security import address_of, is_https

LASTS = timedelta(days=14)
TOKEN_PREFIX = "hub_"  # noqa: S105  # lets secret scanners know one when they see it
TRIES, WINDOW_S = 10, 300

# A hash takes 19 MB and a core for 30 ms: two at a time, whoever knocks.
GATE = web.AppKey("gate", asyncio.Semaphore)


async def sign_in(request: web.Request, house: House, email: str, password: str) -> User:
    """Raises Refused (`wrong_credentials`), the same for a wrong password and for no such account.

    Raises Unavailable (`too_many`) after ten failures in five minutes, by account or by address.
    """
    email = _normal(email)
    keys = (f"signin:account:{digest(email)}", f"signin:address:{address_of(request)}")
    for key in keys:
        if not await house.presence.allow(key, limit=TRIES, window_s=WINDOW_S):
            raise Unavailable("too_many", "Too many tries to sign in. Wait five minutes.", WINDOW_S)
    user = await house.reader.user_by_email(email)
    async with request.app[GATE]:
        fits = await asyncio.to_thread(verify_password, user.password if user else NOBODY, password)
    if user is None or not fits or user.disabled_at:
        raise Refused("wrong_credentials", "The e-mail address or the password is wrong.")
    for key in keys:  # only what fails counts: a whole office may come in by one address at nine
        await house.presence.forgive(key)
    return user


async def begin(request: web.Request, house: House, user: User) -> tuple[Session, str]:
    """A new session, whatever the browser held before (that one ends), and the Set-Cookie for it."""
    front = request.app[FRONT]
    old = request.cookies.get(cookie_name(front.public_url))
    if old:
        await house.sessions.revoke(digest(old))
    secret = house.clock.new_secret()
    now = house.clock.now()
    session = Session(digest(secret), user.id, now, now + LASTS)
    await house.sessions.create(session)
    return session, set_cookie(front.public_url, secret, int(LASTS.total_seconds()))


async def who(request: web.Request, house: House) -> tuple[Session, User] | None:
    """The session and user of a request: by its token if it has one, else by its cookie."""
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        scheme, _, secret = authorization.partition(" ")
        secret = secret.strip() if scheme.lower() == "bearer" else ""
    else:
        secret = request.cookies.get(cookie_name(request.app[FRONT].public_url), "")
    if not secret:
        return None
    session = await house.sessions.find(digest(secret))
    if session is None or session.token is not (authorization is not None) or _is_over(session, house.clock):
        return None
    user = await house.reader.user(session.user)
    return (session, user) if user and not user.disabled_at else None


def by_token(request: web.Request) -> bool:
    return "Authorization" in request.headers


async def issue_token(sessions: Sessions, clock: Clock, user: str, name: str = "") -> str:
    """A token for a program that acts as this user; shown once."""
    token = TOKEN_PREFIX + clock.new_secret()
    await sessions.create(Session(digest(token), user, clock.now(), None, token=True, name=name))
    return token


def cookie_name(public_url: str) -> str:
    """`__Host-` makes browsers refuse it from a sister domain or over plain http."""
    return "__Host-hub_session" if is_https(public_url) else "hub_session"


def set_cookie(public_url: str, secret: str, max_age: int) -> str:
    """The header's value; `max_age` 0 takes the cookie away."""
    secure = "; Secure" if is_https(public_url) else ""
    return f"{cookie_name(public_url)}={secret}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"


def digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _is_over(session: Session, clock: Clock) -> bool:
    return session.expires_at is not None and session.expires_at <= clock.now()


def _normal(email: str) -> str:
    try:
        return addresses.email(email)
    except Invalid:
        return email.strip().lower()
