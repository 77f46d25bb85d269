"""The board: what waits, what is in conversation, and who is here."""

from pydantic import Field
from typing_extensions import TypedDict

from hub.inbox.board import Board, board_of
from hub.ports import Crowd
from hub.web import views
from hub.web.agent_views import AgentView, agent_view
from hub.web.api import Call, Query
from hub.web.named import Named, Time, maybe_time
from hub.web.views import ChannelMark, Row, WaitsView, channel_mark, row, team_named


class BoardQuery(Query):
    """`team`: an id, or "none" for what has no team; `channel`: an id."""

    team: str = Field("", max_length=40)
    channel: str = Field("", max_length=40)


class LongestView(TypedDict):
    """The conversation whose customer has been in the queue longest, since `since`."""

    id: str
    number: int
    customer: Named
    since: Time | None
    waits: WaitsView | None


class UnitsView(TypedDict):
    """Capacity units of those who are here (available or busy) and have any: held and offered, of all they have;
    `over`: held beyond it."""

    used: int
    available: int
    over: int


class GroupView(TypedDict):
    """One team on one channel. `longest_since`: since when its longest waits."""

    team: Named | None
    channel: ChannelMark
    waiting: int
    in_conversation: int
    longest_since: Time | None


class BoardAgentView(AgentView):
    """`conversations`: how many they have open; `today`: how many were assigned to them since midnight, by the
    company's clock."""

    conversations: int
    today: int


class BoardView(TypedDict):
    """`queue`: what waits, the most urgent first, at most fifty. `in_conversation`: open and with somebody."""

    at: Time
    waiting: int
    longest: LongestView | None
    in_conversation: int
    units: UnitsView
    groups: list[GroupView]
    agents: list[BoardAgentView]
    queue: list[Row]


async def board(call: Call, query: BoardQuery) -> BoardView:
    """What is going on now, of all teams and channels or of one."""
    found = await board_of(call.house, query.team or None, query.channel or None)
    return _view(found, call)


def _view(board: Board, call: Call) -> BoardView:
    directory = call.house.directory
    return {
        "at": views.time(board.at),
        "waiting": board.waiting,
        "longest": _longest(board, call),
        "in_conversation": board.in_conversation,
        "units": {"used": board.used, "available": board.available, "over": board.over},
        "groups": [_group(each, call) for each in board.groups],
        "agents": [
            {
                **agent_view(directory.users[each.agent.id], each.agent, board.at, online=each.online),
                "conversations": len(each.agent.slots),
                "today": each.today,
            }
            for each in board.desks
            if each.agent.id in directory.users
        ],
        "queue": [row(each, directory) for each in board.queue],
    }


def _longest(board: Board, call: Call) -> LongestView | None:
    longest = board.longest
    if longest is None:
        return None
    return {
        "id": longest.id,
        "number": longest.number,
        "customer": {"id": longest.customer, "name": longest.customer_name},
        "since": maybe_time(longest.first_queued_at),
        "waits": views.waits(longest, call.house.directory),
    }


def _group(group: Crowd, call: Call) -> GroupView:
    directory = call.house.directory
    return {
        "team": team_named(group.team, directory),
        "channel": channel_mark(group.channel, directory),
        "waiting": group.waiting,
        "in_conversation": group.in_conversation,
        "longest_since": maybe_time(group.longest_since),
    }
