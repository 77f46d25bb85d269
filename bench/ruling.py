"""What two hundred rules cost on one message, beside the same patterns in bare RE2; and one rule, at worst.

In CPU time, so that a busy machine changes little.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from time import process_time_ns
from typing import Any

import re2

from hub.routing.facts import TEXT_MOST, Facts
from hub.routing.operators import PARTS_MOST, PROGRAM_MOST, STEPS_MOST, VALUE_MOST, WORDS_MOST
from hub.routing.rules import compile_rules

RULES = 200
LINE = "Oi, boa tarde! Comprei um sofá na semana passada e a nota fiscal ainda não chegou por e-mail, pode ver pra mim?"
MAIL = "\n".join([LINE] * 20)
LONG = 1_000_000  # characters
_THINGS = ("fatura", "boleto", "troca", "devolução", "garantia", "entrega", "cupom", "cadastro", "senha", "estorno")
_WHAT = ("atrasada", "errada", "em aberto", "duplicada", "cancelada", "da loja", "de ontem", "do pedido", "por e-mail")


def pair(text: str, times: int) -> tuple[float, float]:
    """µs for the floor and for the rules, on this message."""
    rules, patterns = compile_rules([_rule(n) for n in range(RULES)]), [_bare(n) for n in range(RULES)]
    encoded = text.encode()
    return (
        _cpu(lambda: [pattern.search(encoded) for pattern in patterns], times),
        _cpu(lambda: rules.matching(Facts(text=text)), times),
    )


def slowest(rounds: int) -> tuple[str, float]:
    """The costliest of some costly rules on long texts, and its ms."""
    texts = ("".join(Random(7).choices("ab", k=LONG)), "a " * (LONG // 2))
    costs = {
        name: max(_cpu(partial(rule.matching, Facts(text=text)), rounds) for text in texts)
        for name, rule in ((name, compile_rules([_asking(condition)])) for name, condition in _costly().items())
    }
    name = max(costs, key=lambda each: costs[each])
    return name, costs[name] / 1_000


def _asking(condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"id": "one", "name": "One", "when": condition}


def _rule(n: int) -> Mapping[str, Any]:
    """Every other one looks for phrases, every other one matches a pattern."""
    if n % 2:
        return {"id": str(n), "name": "Pattern", "when": {"field": "text", "op": "matches", "value": _pattern(n)}}
    return {"id": str(n), "name": "Phrases", "when": {"field": "text", "op": "mentions", "value": _phrases(n)}}


def _phrases(n: int) -> Sequence[str]:
    thing = _THINGS[n // 2 % len(_THINGS)]
    return [f"{thing} {_WHAT[(n + each) % len(_WHAT)]}" for each in range(2)] + [f"{thing}s {n}"]


def _pattern(n: int) -> str:
    return rf"\b{_THINGS[n // 2 % len(_THINGS)]}\s+(?:n[oº]?\s*)?{n}\d{{3,6}}\b"


def _bare(n: int) -> Any:
    pattern = _pattern(n) if n % 2 else rf"\b(?:{'|'.join(_phrases(n))})\b"
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    return re2.compile(pattern, options)


def _costly() -> Mapping[str, Mapping[str, Any]]:
    """As much as one rule may ask, of what costs most: a pattern whose automaton never ends, long parts that nearly are
    in the text, phrases of every length."""
    pattern = {"field": "text", "op": "matches", "value": f"a[ab]{{{STEPS_MOST // TEXT_MOST - 20}}}c"}
    parts = {"field": "text", "op": "contains", "value": [_nearly(n) for n in range(PARTS_MOST // VALUE_MOST)]}
    large = {"field": "text", "op": "matches", "value": f"a[ab]{{{PROGRAM_MOST - 20}}}c"}
    phrases = {"field": "text", "op": "mentions", "value": [" ".join("c" * n) for n in range(1, WORDS_MOST + 1)]}
    return {
        "a pattern": pattern,
        "a large pattern": large,
        "parts": parts,
        "phrases": phrases,
        "all of it": {"any": [pattern, parts, phrases]},
    }


def _nearly(n: int) -> str:
    half = VALUE_MOST // 2
    return ("ab" * half)[:half] + "c" + ("ab" * half)[n % 2 : half - 1]


def _cpu(once: Callable[[], object], times: int) -> float:
    """µs."""
    once()
    began = process_time_ns()
    for _ in range(times):
        once()
    return (process_time_ns() - began) / times / 1_000
