"""A WebSocket that keeps nothing: what an idle connection costs in aiohttp itself, without compression.

python -m bench.floor.bare_socket PORT
"""

import sys

import uvloop
from aiohttp import web


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Answers each message with `ok`, then waits for the next."""
    response = web.WebSocketResponse(compress=False)
    await response.prepare(request)
    async for _ in response:
        await response.send_str("ok")
    return response


def main(port: str) -> None:
    app = web.Application()
    app.add_routes([web.get("/ws", socket)])
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
