"""Everything routing decides by, at one revision: the settings, the compiled rules, the teams, skills and hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hub.model import Hours, Routing, Skill, Team

if TYPE_CHECKING:
    from hub.routing.rules import Rules


@dataclass(frozen=True, slots=True)
class Book:
    """`rules` are those of version `routing.version`, or a draft's where a draft is tried."""

    routing: Routing
    rules: "Rules"
    teams: Mapping[str, Team] = field(default_factory=dict)
    skills: Mapping[str, Skill] = field(default_factory=dict)
    hours: Mapping[str, Hours] = field(default_factory=dict)
