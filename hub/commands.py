"""The commands beside the hub: people, tokens and channels go into the store, whether a hub runs or not; a file of
rules is only looked at."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.errors import Invalid

if TYPE_CHECKING:
    from hub.inbox.house import House

user = typer.Typer(help="People who sign in.", no_args_is_help=True)
token = typer.Typer(help="Tokens for programs.", no_args_is_help=True)
channel = typer.Typer(help="Channels customers write by.", no_args_is_help=True)
routing = typer.Typer(help="Rules that say who gets which conversation.", no_args_is_help=True)


@user.command("add")
def add_user(
    email: Annotated[str, typer.Option(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="What customers and colleagues see.")],
    role: Annotated[str, typer.Option(help="agent, supervisor or admin.")] = "agent",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add somebody; the password comes by standard input, so that it stands in no list of processes."""
    from hub.inbox import users
    from hub.model import Role

    if role not in set(Role):
        raise Invalid("bad_role", f"--role takes one of {', '.join(Role)}, not {role!r}.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else typer.prompt("Password", hide_input=True)

    async def add(house: "House") -> None:
        _need_company(house)
        made = await users.add_user(house, email=email, name=name, role=Role(role), password=password)
        typer.echo(f"{made.name} ({made.role}) can sign in as {made.email} at {house.public_url}/login")

    _in_back_room(add)


@token.command("create")
def create_token(
    user: Annotated[str, typer.Option(help="The e-mail address of the person whose rights it has.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make an API token. It is printed once; the hub keeps only its hash."""

    async def create(house: "House") -> None:
        from hub import addresses
        from hub.errors import NotFound
        from hub.web.session import issue_token

        found = await house.reader.user_by_email(addresses.email(user))
        if found is None:
            raise NotFound("not_found", f"Nobody here has the address {user}. `hub user add` makes somebody.")
        typer.echo(await issue_token(house.sessions, house.clock, found.id, name))

    _in_back_room(create)


@channel.command("add")
def add_channel(
    kind: Annotated[str, typer.Argument(help="webhook or widget.")],
    name: Annotated[str, typer.Option(help="What agents see.")],
    trusted: Annotated[bool, typer.Option(help="Webhook: believe the addresses it sends.")] = False,
    site: Annotated[list[str] | None, typer.Option(help="Widget: a site it may stand on; may be repeated.")] = None,
) -> None:
    """Add a channel; its key and secret are printed once."""
    settings: dict[str, Any] = {}
    if trusted:
        settings["trusted"] = True
    if site:
        settings["sites"] = site

    async def add(house: "House") -> None:
        from hub.inbox import channels

        _need_company(house)
        record, secret = await channels.add_channel(house, kind=kind, name=name, settings=settings)
        where = house.kinds[kind].where(record, house.public_url)
        for word, value in (("id", record.id), ("key", record.key), ("secret", secret)):
            if value:
                typer.echo(f"{word:8}{value}")
        typer.echo(f"{'address' if where.address else 'snippet':8}{where.address or where.snippet}")

    _in_back_room(add)


@channel.command("list")
def list_channels() -> None:
    """Every channel: kind, name, whether it is on, and its key. Secrets are never shown again."""

    async def show(house: "House") -> None:
        for record in await house.reader.channels():
            state = "on" if record.enabled else "off"
            typer.echo(f"{record.kind:10}{record.name:32}{state:5}{record.key}")
            for refusal in await house.presence.refusals(record.id):
                typer.echo(f"          refused: {refusal}")

    _in_back_room(show)


@routing.callback()
def _routing() -> None:
    """One verb now; the group keeps its name when there are more."""


@routing.command("check")
def check_rules(file: Annotated[Path, typer.Argument(help="A file of rules, as config/routing.example.toml.")]) -> None:
    """Say what is wrong in a file of rules. Names of skills and teams are checked where they are known: on the page."""
    from hub.routing.exchange import from_toml
    from hub.routing.rules import Known, check

    try:
        rules, faults = from_toml(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("bad_file", f"{file} cannot be read: {error}") from None
    wrong, warnings = check(rules, Known())
    faults += wrong
    for kind, found in (("fault", faults), ("warning", warnings)):
        for each in found:
            name = rules[each.rule].get("name", f"rule {each.rule + 1}") if each.rule >= 0 else str(file)
            typer.echo(f"{kind}: {': '.join(filter(None, (str(name), each.path, each.message)))}")
    typer.echo(f"{_counted(len(rules), 'rule')}, {_counted(len(faults), 'fault') if faults else 'no faults'}")
    if faults:
        raise typer.Exit(1)


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _need_company(house: "House") -> None:
    if not house.directory.is_set_up:
        raise Invalid("setup_needed", "Open the set-up link first (`hub serve` prints it): there is no company yet.")


def _in_back_room(work: Callable[["House"], Awaitable[None]]) -> None:
    from hub import logs, settings
    from hub.app import back_room
    from hub.running import run

    known = settings.load()
    logs.set_up_logs("warning")

    async def enter() -> None:
        async with back_room(known) as house:
            await work(house)

    run(enter())
