"""The word lists, read once."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from commonground.hear.engine.people.letters import plain


def listed(file: str) -> dict[str, frozenset[str]]:
    text = files("commonground.hear.engine.people").joinpath(file).read_text("utf-8")
    return {
        name: frozenset(plain(word) for word in said.split())
        for name, said in tomllib.loads(text).items()
    }


NAMES, COMMON = listed("names.toml"), listed("common.toml")
