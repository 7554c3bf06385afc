import pytest


@pytest.fixture(autouse=True)
def nobody_is_waited_for(settings):
    """What was approved goes out at once: the time to undo it is tested elsewhere."""
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})
