"""What a visitor's browser is told, and what it never is."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hub.channels.widget import render
from hub.errors import Fault, Invalid
from hub.model import SYSTEM, Actor, ActorKind, Delivery, Direction, Message

AT = datetime(2026, 11, 22, 9, 41, 7, 120_000, UTC)
REPLY = Message(
    id="m2",
    conversation="c1",
    customer="k1",
    channel="ch1",
    seq=2,
    direction=Direction.OUT,
    author=Actor(ActorKind.AGENT, "u1"),
    author_name="Ana Souza",
    at=AT,
    text="Tem sim!",
    delivery=Delivery.SENT,
)
QUESTION = replace(
    REPLY, id="m1", direction=Direction.IN, author=Actor(ActorKind.CUSTOMER, "k1"), external_id="f00:abc", delivery=None
)


def test_a_reply_shows_its_words_its_author_and_how_far_it_came() -> None:
    assert json.loads(render.message(REPLY))["message"] == {
        "id": "m2",
        "at": 1795340467120,
        "mine": False,
        "text": "Tem sim!",
        "name": "Ana Souza",
        "state": "sent",
        "automatic": False,
    }


def test_the_visitors_own_message_comes_back_with_their_own_id() -> None:
    shown = json.loads(render.message(QUESTION))["message"]
    assert shown["mine"] is True
    assert shown["client"] == "abc"


def test_ids_of_people_and_conversations_stay_inside() -> None:
    told = render.welcome([QUESTION, REPLY], seen=AT, attended=True, known=True, now=AT)
    assert not {"u1", "k1", "c1", "ch1"} & set(told.replace('"', " ").replace(",", " ").split())


@pytest.mark.parametrize("delivery", [Delivery.QUEUED, Delivery.SENDING, Delivery.FAILED, Delivery.UNKNOWN, None])
def test_a_reply_that_may_be_taken_back_is_not_shown(delivery: Delivery | None) -> None:
    assert not render.visible(replace(REPLY, delivery=delivery))


def test_a_note_is_never_shown() -> None:
    note = replace(REPLY, direction=Direction.NOTE, text="secret")
    assert "secret" not in render.welcome([QUESTION, note, REPLY], seen=None, attended=False, known=True, now=AT)


def test_a_rule_speaks_for_the_company_and_not_by_name() -> None:
    told = json.loads(render.message(replace(REPLY, author=SYSTEM)))["message"]
    assert (told["name"], told["automatic"]) == ("", True)


def test_a_long_history_gives_its_newest_part() -> None:
    long = [replace(REPLY, id=f"m{n}", text="x" * 10_000) for n in range(100)]
    shown = json.loads(render.welcome(long, seen=None, attended=True, known=True, now=AT))["messages"]
    assert 20 <= len(shown) < 30
    assert shown[-1]["id"] == "m99"


def test_a_refusal_names_the_fields() -> None:
    error = Invalid("frame_not_readable", "No.", [Fault("text", "string_too_long", "Too long.")])
    told = json.loads(render.refused(error, "abc"))
    assert (told["id"], told["code"], told["fields"][0]["field"]) == ("abc", "frame_not_readable", "text")
