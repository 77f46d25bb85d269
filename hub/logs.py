"""Structured logs: one JSON object a line, without what people wrote and without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Whatever a caller hands over by mistake: these never reach the log.
SECRET = frozenset(
    {
        "password",
        "token",
        "secret",
        "secrets",
        "cookie",
        "authorization",
        "signature",
        "text",
        "html",
        "raw",
        "body",
        "query",
        "query_string",
    }
)


def set_up_logs(level: str = "info", plain: bool = False) -> None:
    """`plain` writes for a reader at a terminal. Our own and the libraries' lines take the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        keep_quiet,
        structlog.processors.format_exc_info,
    ]
    # Not its rich tracebacks: they show what local variables hold.
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    render = console if plain else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("pymongo", "asyncio", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def keep_quiet(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The names on the list keep their place and lose their value."""
    for name in SECRET & event.keys():
        event[name] = "…"
    return event
