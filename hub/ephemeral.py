"""What may be forgotten: who is online, who types, who does what only one should do, how often one has tried.

The only module that knows Redis (or Valkey). While it is away nobody fails and nobody waits longer than half a second
for it: notes are lost, uses are counted in this process, and every lease is granted (the store's guards keep it right).
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from redis.asyncio import BlockingConnectionPool
from redis.asyncio import Redis as Client
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from hub.ending import end
from hub.errors import Unavailable
from hub.ports import Clock

log = structlog.get_logger("hub.ephemeral")

Hear = Callable[[Mapping[str, Any]], Awaitable[None]]

_PATIENCE_S = 0.4
_LEFT_ALONE_S = 1.0  # after a failure nobody asks for so long, so that not every request waits
_ONLINE_S = 30.0  # windows say every 15 s that they are there
_DAY_S = 86_400
_QUIET_S = 10.0
_PAUSES_S = (0.1, 0.3, 1.0, 2.0)
_AWAY = (RedisError, OSError, TimeoutError)

# Every script takes one key. The time is the server's: clocks of hub processes may differ.
_NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000) "
_BEAT = _NOW + "redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1]) return redis.call('PEXPIRE', KEYS[1], ARGV[2])"
_ONLINE = _NOW + "redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now) return redis.call('ZRANGE', KEYS[1], 0, -1)"
_KNOWN_FOR = (
    _NOW
    + """
local since = redis.call('GET', KEYS[1]) or now
redis.call('SET', KEYS[1], since, 'PX', ARGV[1])
return now - since
"""
)
_ALLOW = """
local t = redis.call('TIME') local now = t[1] * 1000000 + t[2] local window = ARGV[2] * 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = redis.call('ZCARD', KEYS[1])
if used >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now, now .. '.' .. used)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Redis:
    """Implements `ports.Presence` and `ports.Leases` for one database, whose name every key begins with."""

    def __init__(self, url: str, database: str, clock: Clock, online_s: float = _ONLINE_S) -> None:
        self._prefix = database
        self._online_s = online_s
        self._me = clock.new_secret(128)
        # RESP 2 is spoken by every version. One more try, since a pooled connection may be of before a restart.
        common: dict[str, Any] = {"protocol": 2, "decode_responses": True, "socket_connect_timeout": _PATIENCE_S}
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=16,
            timeout=_PATIENCE_S,
            socket_timeout=_PATIENCE_S,
            retry=Retry(NoBackoff(), 1),
            **common,
        )
        self._client = Client.from_pool(pool)
        # A reader that waits for notes needs a connection without a time limit (redis-py sets 5 s otherwise).
        self._reader = Client.from_url(url, socket_timeout=None, retry=Retry(NoBackoff(), 0), **common)
        self._listeners: list[Hear] = []
        self._beats: dict[str, float] = {}
        self._uses: dict[str, deque[float]] = {}
        self._asks_again_at = 0.0
        self._away = False
        self._reading: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen. Returns when it does, or at once after the patience when Redis is away."""
        self._reading = asyncio.create_task(self._read_for_ever(), name="ephemeral notes")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hears.wait(), _PATIENCE_S)

    async def stop(self) -> None:
        await end(self._reading)
        with suppress(*_AWAY):
            await self._reader.aclose()
            await self._client.aclose(close_connection_pool=True)

    async def answers(self) -> bool:
        return bool(await self._ask(lambda: self._client.ping(), False))

    # --- Presence

    async def tell(self, note: Mapping[str, Any]) -> None:
        said = json.dumps(note, ensure_ascii=False, separators=(",", ":"))
        await self._ask(lambda: self._client.publish(self._key("notes"), said), 0)

    def listen(self, told: Hear) -> None:
        self._listeners.append(told)

    async def beat(self, user: str) -> None:
        self._beats[user] = _monotonic()
        await self._run(_BEAT, self._key("online"), user, int(self._online_s * 1000), otherwise=0)

    async def online(self) -> set[str]:
        """Those who beat here are known even when Redis is away or has just been emptied."""
        elsewhere = await self._run(_ONLINE, self._key("online"), otherwise=())
        return {*elsewhere, *self._beating()}

    async def present(self) -> set[str] | None:
        """An emptied Redis knows nobody until everybody has beaten again: how long it has known is kept in it."""
        known_ms = await self._run(_KNOWN_FOR, self._key("online", "since"), _DAY_S * 1000, otherwise=None)
        if known_ms is None or known_ms < self._online_s * 1000:
            return None
        elsewhere = await self._run(_ONLINE, self._key("online"), otherwise=None)
        return None if elsewhere is None else {*elsewhere, *self._beating()}

    def _beating(self) -> Iterable[str]:
        since = _monotonic() - self._online_s
        self._beats = {user: at for user, at in self._beats.items() if at > since}
        return self._beats

    async def allow(self, key: str, *, limit: int, window_s: int) -> bool:
        said = await self._run(_ALLOW, self._key("use", key), limit, window_s, otherwise=None)
        return self._allow_here(key, limit, window_s) if said is None else bool(said)

    async def forgive(self, key: str) -> None:
        if uses := self._uses.get(key):
            uses.pop()
        await self._ask(lambda: self._client.zpopmax(self._key("use", key)), ())

    async def note_refusal(self, channel: str, why: str) -> None:
        key = self._key("refused", channel)
        many = self._client.pipeline(transaction=False)
        many.lpush(key, why)
        many.ltrim(key, 0, 19)
        many.expire(key, _DAY_S)
        await self._ask(many.execute, None)

    async def refusals(self, channel: str) -> Sequence[str]:
        """Newest first."""
        return tuple(await self._ask(lambda: self._client.lrange(self._key("refused", channel), 0, -1), ()))

    # --- Leases

    async def hold(self, name: str, *, for_s: float) -> bool:
        return bool(await self._run(_HOLD, self._key("lease", name), self._me, int(for_s * 1000), otherwise=1))

    async def release(self, name: str) -> None:
        await self._run(_RELEASE, self._key("lease", name), self._me, otherwise=0)

    # --- asking

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    async def _run(self, script: str, key: str, *arguments: str | int, otherwise: Any) -> Any:
        return await self._ask(lambda: self._client.eval(script, 1, key, *map(str, arguments)), otherwise)

    async def _ask(self, ask: Callable[[], Awaitable[Any]], otherwise: Any) -> Any:
        """What Redis says; `otherwise` if it does not in time, and without asking while it is known to be away."""
        if _monotonic() < self._asks_again_at:
            return otherwise
        try:
            async with asyncio.timeout(_PATIENCE_S):
                said = await ask()
        except _AWAY as error:
            self._asks_again_at = _monotonic() + _LEFT_ALONE_S
            if not self._away:
                log.warning("redis is away", error=type(error).__name__)
            self._away = True
            return otherwise
        if self._away:
            log.info("redis is back")
        self._away = False
        return said

    def _allow_here(self, key: str, limit: int, window_s: int) -> bool:
        now = _monotonic()
        if len(self._uses) > 10_000:  # an attack while Redis is away shall not fill the memory
            self._uses.clear()
        uses = self._uses.setdefault(key, deque())
        while uses and uses[0] <= now - window_s:
            uses.popleft()
        if len(uses) >= limit:
            return False
        uses.append(now)
        return True

    # --- hearing

    async def _read_for_ever(self) -> None:
        failures = 0
        while True:
            try:
                await self._read()
            except _AWAY:
                failures = 0 if self._hears.is_set() else failures + 1
                self._hears.clear()
                await asyncio.sleep(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])

    async def _read(self) -> None:
        """Until the connection fails, or keeps silent when it is asked whether it lives."""
        async with self._reader.pubsub() as subscription:
            await subscription.subscribe(self._key("notes"))
            asked = False
            while True:
                came = await subscription.get_message(timeout=_QUIET_S)
                if came is None and asked:
                    raise TimeoutError
                asked = came is None
                if came is None:
                    await subscription.ping()
                elif came["type"] == "subscribe":
                    self._hears.set()
                elif came["type"] == "message":
                    await self._hear(came["data"])

    async def _hear(self, said: str) -> None:
        try:
            note = json.loads(said)
        except ValueError:
            return  # not one of ours
        for told in self._listeners:
            try:
                await told(note)
            except Exception:  # one listener's mistake must not silence the others
                log.exception("a note was not understood")


async def look(url: str) -> str:
    """The name and version of the server at `url`. Raises Unavailable with the reason."""
    try:
        async with Client.from_url(url, protocol=2, socket_timeout=3, retry=Retry(NoBackoff(), 0)) as client:
            said = await client.info("server")
    except _AWAY as error:
        raise Unavailable("redis_away", str(error)) from error
    return f"Valkey {said['valkey_version']}" if "valkey_version" in said else f"Redis {said['redis_version']}"


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
