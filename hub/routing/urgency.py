"""Who is served first among those who wait: priority and age in one number of minutes, and a total order.

The urgency is `priority x minutes_per_step` and the minutes since `first_queued_at`.
"""

from datetime import datetime, timedelta

from hub.model import Conversation, Needs, Routing

Place = tuple[datetime, datetime, str]


def place(conversation: Conversation, settings: Routing, needs: Needs | None = None) -> Place:
    """Ascending order of the queue: most urgent first, then who has waited longest, then the id.

    Everybody's urgency grows alike, so the order is the same at any time: that of the moments at which each would have
    had to come, to be as urgent with no priority at all. `needs` as they are now; else those stored.
    """
    asked = needs or conversation.needs
    priority = asked.priority if asked else conversation.priority
    since = conversation.first_queued_at or conversation.created_at
    return since - timedelta(minutes=priority * settings.minutes_per_step), since, conversation.id


def held(needs: Needs | None, now: datetime) -> bool:
    """A rule keeps it until opening: it has no place in the order until then."""
    return needs is not None and needs.hold and needs.open_at is not None and now < needs.open_at
