from commonground.channels.models import Channel
from commonground.record.actions import THE_DESK, advance


def lose(channel: Channel, why: str) -> Channel:
    return advance(channel, "lose", by=THE_DESK, trouble=why[:300])
