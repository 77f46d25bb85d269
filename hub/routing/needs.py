"""What a conversation asks of an agent: the settings' defaults, and what every matching rule adds to them, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hub.model import Needs
from hub.routing.actions import Actions, Sticky
from hub.routing.book import Book
from hub.routing.capacity import weight_on
from hub.routing.facts import Facts
from hub.routing.rules import Rule

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """An automatic answer that a rule asks for. `texts` by language (`en`, `pt-BR`), "" for whatever language."""

    rule: str
    texts: Mapping[str, str]

    def text(self, language: str | None, otherwise: str) -> str:
        """In the customer's language, else in the company's (`otherwise`), else in the first there is."""
        for wanted in (language, "", otherwise):
            found = None if wanted is None else _in_language(self.texts, wanted)
            if found is not None:
                return found
        return next(iter(self.texts.values()), "")


@dataclass(frozen=True, slots=True)
class Applied:
    """What the rules come to. `matched`: the ids of the rules that held, in order."""

    needs: Needs
    answers: tuple[Answer, ...] = ()
    tags: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()


def needs_of(book: Book, facts: Facts, kind: str) -> Applied:
    """`kind`: of the channel. Skills add up to the higher level; of priority, team, weight, sticky and hold the later
    word counts."""
    matched = book.rules.matching(facts)
    asked = [rule.then for rule in matched]
    team = _last(then.team for then in asked)
    agent, wait_s = _first_agent(book, facts, _last(then.sticky for then in asked))
    hold, hours = _held(book, facts, asked, team)
    weight, priority = _last(then.weight for then in asked), _last(then.priority for then in asked)
    needs = Needs(
        require=_highest(then.require for then in asked),
        prefer=_highest(then.prefer for then in asked),
        teams=(team,) if team else (),
        agent=agent,
        wait_s=wait_s,
        weight=weight_on(kind, book.routing, book.teams.get(team or "")) if weight is None else weight,
        priority=book.routing.priority if priority is None else priority,
        relax=tuple(sorted((step for then in asked for step in then.relax), key=lambda step: step.after_s)),
        rules=tuple(rule.id for rule in matched),
        hold=hold,
        open_at=facts.open_at.get(hours) if hold else None,
    )
    return Applied(
        needs,
        answers=_answers(matched),
        tags=tuple(dict.fromkeys(tag for then in asked for tag in then.tag)),
        matched=needs.rules,
    )


def _first_agent(book: Book, facts: Facts, sticky: Sticky | None) -> tuple[str | None, int]:
    """Who goes first, and for how many seconds they are waited for. Without a word about it the customer's last agent
    goes first and is not waited for."""
    if sticky is None:
        return facts.previous_agent, 0
    agent = sticky.agent or facts.previous_agent
    if sticky.off or agent is None:
        return None, 0
    return agent, book.routing.wait_s if sticky.wait_s is None else sticky.wait_s


def _held(book: Book, facts: Facts, asked: Sequence[Actions], team: str | None) -> tuple[bool, str]:
    """Whether it is kept until opening, and of which hours ("" are the company's)."""
    hold = _last(then.hold for then in asked)
    if hold is None:
        return False, ""
    known = book.teams.get(team or "")
    hours = hold.hours or (known.hours if known else None) or ""
    return not facts.open.get(hours, True), hours


def _highest(asked: Iterable[Mapping[str, int]]) -> dict[str, int]:
    levels: dict[str, int] = {}
    for skills in asked:
        for skill, level in skills.items():
            levels[skill] = max(level, levels.get(skill, 0))
    return levels


def _answers(matched: Sequence[Rule]) -> tuple[Answer, ...]:
    return tuple(Answer(rule.id, rule.then.answer) for rule in matched if rule.then.answer)


def _last(said: Iterable[T | None]) -> T | None:
    found = None
    for each in said:
        found = found if each is None else each
    return found


def _in_language(texts: Mapping[str, str], wanted: str) -> str | None:
    """`pt` finds `pt-BR`, and `pt-BR` finds `pt`."""
    if wanted in texts:
        return texts[wanted]
    short = wanted.partition("-")[0]
    return next((text for each, text in texts.items() if short and each.partition("-")[0] == short), None)
