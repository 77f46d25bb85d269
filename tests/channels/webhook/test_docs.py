"""`docs/channels/webhook.md` names everything, and its examples work."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from hub.channels.webhook import channel, parse, signature
from tests.channels.webhook.source import Source

PAGE = (Path(__file__).parents[3] / "docs/channels/webhook.md").read_text("utf-8")


def example(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


def rows(heading: str) -> dict[str, list[str]]:
    """The table below a heading: the cells by the word in backticks that begins the row."""
    table = PAGE.partition(f"\n{heading}\n")[2].partition("\n\n## ")[0]
    cells = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| `")]
    return {row[0].strip().strip("`"): [cell.strip() for cell in row[1:]] for row in cells}


def fields(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, int | None]]:
    """Dotted paths as the page writes them, with the field's own limit."""
    for name, field in model.model_fields.items():
        path = before + (field.alias or name)
        inner = {"from": parse.From, "attachments": parse.File}.get(path)
        if path != "from":
            yield path, next((rule.max_length for rule in field.metadata if hasattr(rule, "max_length")), None)
        if inner:
            yield from fields(inner, f"{path}.0." if path == "attachments" else f"{path}.")


def test_every_field_of_the_body_is_named_and_no_other() -> None:
    assert set(rows("## Body")) == {path for path, _ in fields(parse.Body)}


@pytest.mark.parametrize(("path", "limit"), [each for each in fields(parse.Body) if each[1]])
def test_a_fields_limit_is_the_one_it_has(path: str, limit: int) -> None:
    assert rows("## Body")[path][1].split()[0] == str(limit)


def test_the_other_limits_are_those_it_has() -> None:
    assert f"{parse.TEXT_MAX:,} bytes" in rows("## Body")["text"][1]
    assert f"may differ from the hub's clock by {signature.TOLERANCE_S} seconds" in PAGE
    assert f"1 to {signature.ID_MAX} printable" in PAGE
    assert f"{channel.Settings().max_bytes // channel.MIB} MiB" in PAGE


def test_every_header_and_setting_is_named() -> None:
    assert all(f"`{name}`" in PAGE for name in (*signature.HEADERS, *channel.Settings.model_fields))


def test_every_code_of_a_field_is_named_and_no_other() -> None:
    named = set(
        re.findall(r"^\| `(\w+)` \| ", PAGE.partition("lists its faults")[2].partition("\n## ")[0], re.MULTILINE)
    )
    assert named == parse.CODES


async def test_every_answer_is_given_as_named(source: Source) -> None:
    table = PAGE.partition("\n## Answers\n")[2].partition("Errors are")[0]
    named = {int(status): code for status, code in re.findall(r"^\| (\d{3}) \| `?(\w*)", table, re.MULTILINE)}
    first, again = [await source.send({"id": "evt", "text": "a"}) for _ in range(2)]
    given = [first, again]
    given += [await source.send({"text": "a"}, webhook_signature="v1,x"), await source.send({"foo": 1})]
    given += [await source.post(b"{}", {}, key="nobody"), await source.post(b"x" * (21 * 1024 * 1024), {})]
    assert {answer.status: answer.body.get("code", "") for answer in given} | {503: "overloaded"} == named


async def run(command: list[str]) -> str:
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def filled_in(script: str, **values: str) -> str:
    """The example with the reader's own address, key and secret."""
    for name, value in values.items():
        script, found = re.subn(rf'^({name} ?= ?"?)[^"\n]*', rf"\g<1>{value}", script, flags=re.MULTILINE)
        assert found == 1
    return script


async def test_the_shell_example_works(source: Source) -> None:
    hub = f"http://127.0.0.1:{source.hub.port}"
    answer = json.loads(
        await run(["sh", "-euc", filled_in(example("sh"), HUB=hub, KEY=source.key, SECRET=source.secret)])
    )
    stored = await source.hub.house.reader.messages_by_id([answer["message"]])
    assert stored[answer["message"]].text == "Where is my order 1042?"


async def test_the_python_example_works(source: Source) -> None:
    address = f"http://127.0.0.1:{source.hub.port}/hooks/{source.key}"
    script = filled_in(example("python"), ADDRESS=address, SECRET=source.secret)
    assert "'conversation'" in await run([sys.executable, "-c", script])
