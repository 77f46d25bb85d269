"""What is there is named where people look for it."""

import re
from pathlib import Path

import pytest

from hub.__main__ import app
from hub.channels.registry import CHANNELS
from hub.events import Kind
from hub.settings import Settings

OPERATING = Path("docs/operating.md").read_text("utf-8")


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_named(field: str) -> None:
    assert f"`HUB_{field.upper()}`" in OPERATING
    assert f"HUB_{field.upper()}" in Path("config/hub.example.toml").read_text("utf-8")


def test_every_command_is_named() -> None:
    alone = [each.callback.__name__ for each in app.registered_commands]
    grouped = [
        f"{group.name} {each.name}"
        for group in app.registered_groups
        for each in group.typer_instance.registered_commands
    ]
    assert [name for name in (*alone, *grouped) if f"`hub {name}" not in OPERATING] == []


@pytest.mark.parametrize("kind", [each.name for each in CHANNELS])
def test_every_channel_has_its_page(kind: str) -> None:
    assert f"docs/channels/{kind}.md" in Path("README.md").read_text("utf-8")
    assert Path(f"docs/channels/{kind}.md").exists()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_event_is_named(kind: Kind) -> None:
    assert f"`{kind}`" in Path("docs/events.md").read_text("utf-8")


def test_every_decision_is_listed() -> None:
    listed = Path("docs/adr/README.md").read_text("utf-8")
    assert [each.name for each in Path("docs/adr").glob("0*.md") if each.name not in listed] == []


def test_the_map_is_short() -> None:
    assert len(Path("ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", *map(str, Path("docs").rglob("*.md"))])
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(((?!http)[^)#]+)", Path(page).read_text("utf-8"))
    assert [link for link in links if not (Path(page).parent / link).exists()] == []
