"""No stranger writes a line of the log."""

import logging

from commonground.kit.loglines import OneLine

HOSTILE = "x\n2026-01-01 WARNING root: all is well\r\x1b[31m\u2028end\x00"


def line_of(message, *args, exc_info=None):
    made = OneLine("%(levelname)s %(name)s: %(message)s")
    return made.format(logging.LogRecord("desk", 30, "f", 1, message, args, exc_info))


def test_words_of_strangers_stay_on_their_line():
    said = line_of("no page at %s", HOSTILE)
    assert len(said.splitlines()) == 1
    assert said.isprintable()
    assert said == (
        r"WARNING desk: no page at x\n2026-01-01 WARNING root: all is well\r\x1b[31m\u2028end\x00"
    )


def test_a_trace_is_moved_in_so_that_none_of_it_passes_for_a_line():
    try:
        raise ValueError(HOSTILE)
    except ValueError as error:
        said = line_of("it failed", exc_info=(ValueError, error, error.__traceback__))
    head, *rest = said.split("\n")
    assert head == "WARNING desk: it failed"
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_letters_of_all_languages_are_left_alone():
    assert line_of("Île-de-la-Cité, 北京") == "WARNING desk: Île-de-la-Cité, 北京"
