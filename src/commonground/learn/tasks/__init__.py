"""What the clock does for LEARN."""

from commonground.learn.tasks import news as news  # its chores are this room's
