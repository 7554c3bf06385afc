"""The API against requests made up from its own description (Schemathesis)."""

import pytest

from tests.api.storm import WORLDS, storm


@pytest.mark.django_db
def test_whatever_is_asked_the_answer_is_one_the_document_describes():
    """A small part of `./run bench api`, which asks ten thousand times and more."""
    told = storm(each=1)
    assert told.server_errors == 0
    assert told.breaks == []
    assert len(told.operations) > 15
    assert set(told.by_world) == set(WORLDS)
    # It came in: not everything was refused at the door.
    assert told.statuses[200] > 50
