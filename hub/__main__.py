"""The command `hub`. Each verb imports what it needs when it is called, so that the command starts at once."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hub import commands
from hub.errors import HubError, Invalid
from hub.running import run

if TYPE_CHECKING:
    from hub.settings import Settings

_INTERRUPTED = 130

ROLES = ("web", "pollers", "routing", "delivery")

app = typer.Typer(
    help="Balcão: one counter for every channel.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(commands.user, name="user")
app.add_typer(commands.token, name="token")
app.add_typer(commands.channel, name="channel")
app.add_typer(commands.routing, name="routing")


@app.command()
def serve(
    roles: Annotated[str, typer.Option(help="What this process does, separated by commas.")] = ",".join(ROLES),
) -> None:
    """Run the hub, with its own MongoDB and Valkey unless addresses are set."""
    chosen = _roles(roles)
    settings = _begin()
    from hub.app import serve

    run(serve(settings, chosen))


@app.command()
def demo() -> None:
    """Run the hub with a lively demo company, in a database of its own."""
    settings = _begin()
    from hub.app import serve

    run(serve(settings, with_demo=True))


@app.command()
def engines() -> None:
    """Run only the private MongoDB and Valkey, and print their addresses."""
    run(_engines(_begin()))


@app.command()
def doctor(mend: Annotated[bool, typer.Option(help="Put right what can be: agents' slots.")] = False) -> None:
    """Say what is found, what is missing, and what to do."""
    from hub.doctor import examine

    code = run(examine(typer.echo, mend=mend))
    raise typer.Exit(_INTERRUPTED if code is None else code)


def main() -> None:
    try:
        app()
    except HubError as error:
        typer.echo(f"hub: {error.message}", err=True)
        sys.exit(2 if isinstance(error, Invalid) else 1)


async def _engines(settings: "Settings") -> None:
    from hub.engines import Who, attach_or_start
    from hub.store.bootstrap import make_ready

    if settings.mongo_url and settings.redis_url:
        raise Invalid("nothing_to_run", "HUB_MONGO_URL and HUB_REDIS_URL are set, so there are no engines to run.")
    async with attach_or_start(settings, make_ready, Who.ENGINES) as addresses:
        typer.echo(f"HUB_MONGO_URL='{addresses.mongo_url}'\nHUB_REDIS_URL='{addresses.redis_url}'")
        typer.echo("The engines are up. Ctrl-C stops them.", err=True)
        await asyncio.Event().wait()


def _begin() -> "Settings":
    from hub import logs, settings

    known = settings.load()
    logs.set_up_logs(known.log_level, plain=sys.stderr.isatty())
    return known


def _roles(text: str) -> frozenset[str]:
    chosen = frozenset(role.strip() for role in text.split(",") if role.strip())
    if not chosen or chosen - set(ROLES):
        raise Invalid(
            "bad_roles", f"--roles takes one or more of {', '.join(ROLES)}, separated by commas, not {text!r}."
        )
    return chosen


if __name__ == "__main__":
    main()
