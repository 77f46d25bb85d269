"""Logs go to stderr: one JSON object a line, or coloured lines for a person at a terminal."""

import logging
import sys

import structlog


def begin(level: str) -> None:
    """From here on, `level` (debug, info, warning, error) and above is logged."""
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format="%(levelname)s %(name)s %(message)s")
    person = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if person else "iso", utc=not person),
            *((structlog.dev.ConsoleRenderer(),) if person else (structlog.processors.dict_tracebacks, _json())),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _json() -> structlog.processors.JSONRenderer:
    return structlog.processors.JSONRenderer(ensure_ascii=False)
