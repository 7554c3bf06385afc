"""News reach every open page of the agency they belong to, and no other."""

import asyncio

from commonground.kit.live import Pulse


async def first_events(pulse, who, number, lasts=2.0):
    events = []
    async for event in pulse.line(who, lasts):
        events.append(event)
        if len(events) == number:
            break
    return events


def test_news_reach_the_agency_they_belong_to_and_no_other():
    looks = iter([(1, {}), (2, {"ours": {"moment": 2}})])

    async def listen():
        pulse = Pulse(lambda mark: next(looks, (2, {})), every=0.01)
        async with asyncio.TaskGroup() as group:
            ours = group.create_task(first_events(pulse, "ours", 2))
            theirs = group.create_task(first_events(pulse, "theirs", 9, lasts=0.2))
        return ours.result(), theirs.result()

    ours, theirs = asyncio.run(listen())
    assert ours[1] == 'id: 2\nevent: changed\ndata: {"moment": 2}\n\n'
    assert not [event for event in theirs if "changed" in event]


def test_many_pages_cost_one_look():
    looks = []

    async def listen():
        pulse = Pulse(lambda mark: (looks.append(mark) or len(looks), {}), every=0.05)
        await asyncio.gather(*(first_events(pulse, str(n), 99, lasts=0.2) for n in range(50)))

    asyncio.run(listen())
    assert 1 <= len(looks) <= 6


def test_a_failed_look_does_not_end_the_looking(caplog):
    answers = iter([RuntimeError("away"), (1, {}), (2, {"ours": {"post": 1}})])

    def look(mark):
        answer = next(answers, (2, {}))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def listen():
        return await first_events(Pulse(look, every=0.01), "ours", 2)

    assert "post" in asyncio.run(listen())[1]
    assert "could not look" in caplog.text


def test_a_line_ends_so_that_no_restart_waits_for_it():
    async def listen():
        pulse = Pulse(lambda mark: (1, {}), every=0.01)
        events = await first_events(pulse, "ours", 99, lasts=0.05)
        await asyncio.sleep(0.05)
        return events, pulse

    events, pulse = asyncio.run(listen())
    assert events[0].startswith("retry:")
    assert not pulse.lines
    assert pulse.task.done()
