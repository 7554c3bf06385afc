"""One verb in five places: the workflow, the action, the address, the button, the record."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, reverse

from commonground.record.templatetags.sentences import VERBS

SRC = Path(__file__).parents[2] / "src/commonground"
LIVING = [m for m in apps.get_models() if hasattr(m, "WORKFLOW")]
ROWS = [(m, name) for m in LIVING for name in m.WORKFLOW.transitions]
BY_HAND = [(m, n) for m, n in ROWS if m.WORKFLOW.transitions[n].role != "desk"]


def named(value):
    return getattr(value, "__name__", value)


def room_of(model):
    return ".".join(model.__module__.split(".")[:2])


def action_for(model, name):
    """`approve`, or `approve_topic` where a room has several nouns with workflows."""
    actions = import_module(f"{room_of(model)}.actions")
    return getattr(actions, name, None) or getattr(
        actions, f"{name}_{model._meta.model_name}", None
    )


@pytest.mark.parametrize(("model", "name"), ROWS, ids=named)
def test_every_transition_is_an_action_that_says_what_it_gives(model, name):
    action = action_for(model, name)
    assert action, f"no action {name} for {model.__name__}"
    assert action.__doc__ or model.WORKFLOW.transitions[name].role == "desk"


@pytest.mark.parametrize(("model", "name"), BY_HAND, ids=named)
def test_every_transition_by_hand_has_an_address_that_ends_in_its_name(model, name):
    app = room_of(model).split(".")[-1]
    for address in (name, f"{name}_{model._meta.model_name}"):
        try:
            assert reverse(f"{app}:{address}", args=[model().pk]).rstrip("/").endswith(f"/{name}")
        except NoReverseMatch:
            continue
        return
    pytest.fail(f"{app}:{name} is not an address")


def written_verbs():
    """Every verb our code writes to the record, found in the calls that write it."""
    for path in SRC.rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            position = {"witness": 0, "written": 0, "advance": 1}.get(name)
            if position is not None and len(node.args) > position:
                verb = node.args[position]
                if isinstance(verb, ast.Constant):
                    yield verb.value


def test_every_verb_of_the_record_has_a_sentence():
    assert sorted(set(written_verbs()) - set(VERBS)) == []


def test_states_change_only_through_advance():
    culprits = [
        f"{path.relative_to(SRC)}:{node.lineno}"
        for path in SRC.rglob("*.py")
        if not {"migrations", "tests"} & set(path.parts)
        and path != SRC / "record/actions/writing.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "state"
            and isinstance(node.ctx, ast.Store)
            and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        )
        or (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") == "update"
            and any(k.arg == "state" for k in node.keywords)
        )
    ]
    assert culprits == []
