"""What the clock does for LEARN."""

# Importing them tells the clock of their chores.
from commonground.learn.tasks import news as news, people as people
