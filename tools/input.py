"""What each form of the desk takes, field by field: the page of the docs that says so."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from django import forms
from django.core import validators

import commonground

HEAD = """\
# What forms take

Every field of every form, from the forms themselves. Whatever else a browser sends is not read;
what does not fit is said beside the field, in words, and nothing is written. All of it is checked
on the server. No text may hold NUL; none may be longer than is said here. What fields must be
*together* stands above their table.
What programs may send: [the API](api.md)."""


def page() -> str:
    parts = [HEAD]
    for form in sorted(all_forms(), key=lambda f: (f.__module__, f.__name__)):
        room = form.__module__.removeprefix("commonground.")
        parts += [f"\n## {form.__name__}, in `{room.partition('.')[0]}`\n", *together(form)]
        parts += ["| field | kind | needed | limits |", "|---|---|---|---|"]
        parts += [row(name, field) for name, field in form.base_fields.items()]
    return "\n".join([*parts, ""])


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for found in pkgutil.walk_packages(commonground.__path__, "commonground."):
        if ".forms" not in found.name or ".tests" in found.name:
            continue
        for _, one in inspect.getmembers(importlib.import_module(found.name), inspect.isclass):
            ours = one.__module__ == found.name and issubclass(one, forms.BaseForm)
            if ours and one.base_fields:  # type: ignore[attr-defined]
                yield one


def together(form: type[forms.BaseForm]) -> Iterator[str]:
    """What the class says of itself, and its check over several fields of itself."""
    for of in filter(None, (form, form.__dict__.get("clean"))):
        said = " ".join((of.__doc__ or "").split("\n\n")[0].split())
        if said and not said.startswith(("An object", "The main implementation")):
            yield f"{said}\n"


def row(name: str, field: forms.Field) -> str:
    kind = type(field).__name__.removesuffix("Field").lower()
    return f"| `{name}` | {kind} | {'yes' if field.required else 'no'} | {limits(field)} |"


def limits(field: forms.Field) -> str:
    said = []
    for name, words in (("min_length", "at least"), ("max_length", "at most")):
        if (most := getattr(field, name, None)) is not None:
            said.append(f"{words} {most} signs")
    for name, words in (("min_value", "from"), ("max_value", "to")):
        if (end := getattr(field, name, None)) is not None and not callable(end):
            said.append(f"{words} {end}")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        said.append("one of what is offered")
    if any(isinstance(v, validators.RegexValidator) for v in field.validators):
        said.append("as it is written where it is meant")
    return ", ".join(said)
