"""Sweeps over all of our code for mistakes that one test of one place would not find."""

import ast
import re
from pathlib import Path

SRC = Path(__file__).parents[2] / "src/commonground"
FILES = [f for f in SRC.rglob("*.py") if not {"tests", "migrations"} & set(f.parts)]
MATCHING = {
    "compile",
    "search",
    "match",
    "fullmatch",
    "findall",
    "finditer",
    "split",
    "sub",
    "subn",
}


def calls():
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield file, node


def is_fixed(node):
    """Written in the code, or put together from what is: never from what somebody typed."""
    if isinstance(node, ast.JoinedStr):
        return all(is_fixed(v.value) for v in node.values if isinstance(v, ast.FormattedValue))
    if isinstance(node, ast.BinOp):
        return is_fixed(node.left) and is_fixed(node.right)
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, ast.Attribute):  # of a fixed one
        return node.attr == "pattern" and is_fixed(node.value)
    if isinstance(node, ast.Call):  # escaped, whatever it is
        return getattr(node.func, "attr", "") == "escape"
    return isinstance(node, ast.Constant)


def where(file, node):
    return f"{file.relative_to(SRC)}: {ast.unparse(node)}"


# Each was read: what is put in is a list of ours, escaped where the list is read, or a number.
PATTERNS_OF_OURS = {
    "learn/engine/signs.py: regex.compile('|'.join(parts))",
    "agency/signin/browsers.py: re.search(sign, said)",
    "answer/engine/triage/signs.py: regex.compile('|'.join(map(pattern, said)))",
    "channels/networks/mail/bounces.py:"
    " re.compile(f'\\\\+([0-9a-f]{{{links.NAME + links.SEAL}}})@')",
    "hear/engine/people/numbers.py:"
    " re.compile(f'(?i)\\\\b[\\\\w-]+(?:\\\\.[\\\\w-]+)*\\"
    "\\.(?:{'|'.join(sorted(COMMON['ends']))})\\\\b')",
    "say/engine/coach/lists.py: regex.compile('|'.join(parts) or '(?!)', flags)",
    "say/engine/coach/plainness.py: regex.compile(lead + f'(?P<act>(?:{verbs}))\\\\b',"
    " regex.IGNORECASE | regex.MULTILINE)",
    "say/engine/coach/risk.py: regex.compile(spaced, regex.IGNORECASE)",
    "spot/engine/exchange.py: re.compile(f'\\\\b(?:{'|'.join(parts)})\\\\b')",
}


def test_no_pattern_is_made_from_words_that_were_not_escaped():
    found = {
        where(file, node)
        for file, node in calls()
        if getattr(node.func.value, "id", "") in ("re", "regex") and node.func.attr in MATCHING
        and node.args and not is_fixed(node.args[0])
    }  # fmt: skip
    assert found == PATTERNS_OF_OURS


# Each was read: the form is ours, whatever is filled in.
FORMS_OF_OURS = {
    "ask/management/commands/ask.py: WHY_NOT[weights['why']].format(**weights)",
    "ask/management/commands/ask.py: shares.format(**weights['statements'][name])",
    "kit/upkeep/stores.py: asked.format(within)",
    "say/engine/coach/remarks.py: said['instead'].format_map(named)",
    "say/engine/coach/remarks.py: said['why'].format_map(named)",
    "say/engine/proposing.py: TASKS[kind].format(language=language)",
    "train/engine/stream.py: address.format(id=self.id)",
    "train/engine/talk.py: scenario.post_address.format(id=post.id)",
}


def test_no_form_that_is_filled_in_comes_from_outside():
    found = {
        where(file, node)
        for file, node in calls()
        if node.func.attr in ("format", "format_map") and not is_fixed(node.func.value)
    }
    assert found == FORMS_OF_OURS


KEYED = re.compile(
    r"AESGCM|ed25519|asymmetric|hmac\.new|hmac import new|import jwt|pywebpush|core\.signing"
    r"|core import signing|blake2b\([^\n]*key=|rfc3161_client|kit\.envelope import .*sealed_text"
)


def test_the_inventory_of_cryptography_names_every_file_that_uses_a_key():
    page = (SRC.parents[1] / "docs/reference/cryptography.md").read_text()
    using = {str(file.relative_to(SRC)) for file in FILES if KEYED.search(file.read_text())}
    assert {file for file in using if f"`{file}`" not in page} == set()
