"""However the transitions are shuffled, nothing goes out unapproved, but by broken glass."""

from hypothesis import given, settings, strategies as st

from commonground.say.states import DELIVERY, WORKFLOW, State

OUT = {State.APPROVED, State.SCHEDULED, State.PUBLISHING, State.PUBLISHED}


@settings(max_examples=300)
@given(st.lists(st.sampled_from(sorted(WORKFLOW.transitions)), max_size=40))
def test_nothing_goes_out_that_nobody_approved_since_it_was_last_a_draft(names):
    state, approved = WORKFLOW.first, False
    for name in names:
        after = WORKFLOW.after(name, state)
        if after is None:
            continue
        state = after
        said_yes = name in ("approve", "break_glass")
        approved = (approved or said_yes) and state != State.DRAFT
        assert approved or state not in OUT


def test_every_state_but_the_last_can_be_left():
    ends = {
        s for s in WORKFLOW.states if not any(s in t.before for t in WORKFLOW.transitions.values())
    }
    assert ends == {State.WITHDRAWN}


def test_a_delivery_in_doubt_is_never_simply_put_back_in_the_queue():
    assert DELIVERY.after("put_back", "unsure") is None
