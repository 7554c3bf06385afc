"""Where in a module a small mistake can be planted, and which.

Left alone: words for people, annotations, defaults of arguments, the bodies of classes outside
their methods. A changed table of a module (`X = ...`) counts; so does a check that is left out.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import CodeType

COMPARE = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REACH = {  # a limit may be off by one, and it may be upside down
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
NAMES = {
    "any": "all", "all": "any", "min": "max", "max": "min", "startswith": "endswith",
    "endswith": "startswith",
}  # fmt: skip
SKIPPED = {"annotation", "returns", "decorator_list", "bases", "type_params", "args"}
# What these are given is said to people, or of a mistake: its wording is tested where it is read.
TOLD = {
    "_", "gettext", "ngettext", "gettext_lazy", "must", "warning", "info", "Refused", "NotYours",
    "MovedOn", "NoStamp", "NotANote", "Failed", "SealBroken", "Torn", "ValueError", "TypeError",
    "LookupError", "add_argument", "ArgumentParser",
}  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Around:
    """Where we are: in which function, in which statement, and whether words are left alone."""

    where: str = ""  # the outermost function or method; "" is the module itself
    holder: str = ""  # the classes around it
    first: int = 0
    last: int = 0
    table: str = ""  # the name of the module that this statement gives a value
    told: bool = False
    in_class: bool = False


@dataclass(slots=True)
class Site:
    """One mistake that can be made."""

    parent: ast.AST
    name: str
    index: int | None
    new: ast.AST
    what: str
    line: int
    around: Around

    def plant(self) -> None:
        if self.index is None:
            setattr(self.parent, self.name, self.new)
        else:
            getattr(self.parent, self.name)[self.index] = self.new


@dataclass(frozen=True, slots=True)
class Mutant:
    """The same, without its tree: what is kept and told."""

    module: str
    file: str
    number: int
    line: int
    first: int
    last: int
    where: str
    table: str
    what: str
    text: str = field(compare=False)


def mutants(module: str, file: str, source: str) -> list[Mutant]:
    """All that can be planted in this module, each time in the same order."""
    lines = source.splitlines()
    return [
        Mutant(module, file, number, s.line, s.around.first, s.around.last, s.around.where,
               s.around.table, s.what, lines[s.line - 1].strip())
        for number, s in enumerate(sites(ast.parse(source)))
    ]  # fmt: skip


def planted(source: str, mutant: Mutant) -> ast.Module:
    """The module with this one mistake in it."""
    tree = ast.parse(source)
    next(s for number, s in enumerate(list(sites(tree))) if number == mutant.number).plant()
    return ast.fix_missing_locations(tree)


def sites(node: ast.AST, around: Around | None = None) -> Iterator[Site]:
    around = around or Around()
    for name, index, child in children(node):
        if is_docstring(node, child):
            continue
        inner = stepped(around, child)
        if inner.where or inner.table:
            told = replace(inner, told=inner.told or is_told(node, name, index))
            for what, new in changes(child, told, node):
                line = getattr(child, "lineno", inner.first)
                yield Site(node, name, index, new, what, line, told)
            yield from sites(child, told)
        else:
            yield from sites(child, inner)


def children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for name, value in ast.iter_fields(node):
        if name in SKIPPED and not (name == "args" and isinstance(node, ast.Call)):
            continue
        if isinstance(value, ast.AST):
            yield name, None, value
        elif isinstance(value, list):
            yield from ((name, n, v) for n, v in enumerate(value) if isinstance(v, ast.AST))


def stepped(around: Around, child: ast.AST) -> Around:
    """The same, one step further in."""
    if isinstance(child, ast.ClassDef) and not around.where:
        return replace(around, holder=f"{around.holder}{child.name}.", in_class=True)
    if isinstance(child, FUNCTIONS) and not around.where:
        around = replace(around, where=f"{around.holder}{child.name}")
    if not isinstance(child, ast.stmt):
        return around
    last = child.end_lineno or child.lineno
    if body := getattr(child, "body", None):  # of a statement with a body: its head
        last = max(child.lineno, body[0].lineno - 1)
    around = replace(around, first=child.lineno, last=last)
    if around.where or around.in_class:
        return around
    return replace(around, table=table_of(child))


def table_of(child: ast.stmt) -> str:
    """The one name that a statement of the module gives a value."""
    if isinstance(child, ast.Assign) and len(child.targets) == 1:
        target = child.targets[0]
    elif isinstance(child, ast.AnnAssign) and child.value is not None:
        target = child.target
    else:
        return ""
    named = isinstance(target, ast.Name) and not target.id.startswith("__")
    return target.id if named else ""


def is_docstring(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)


def is_told(node: ast.AST, name: str, index: int | None) -> bool:
    if isinstance(node, ast.Raise):
        return True
    if not isinstance(node, ast.Call) or name not in ("args", "keywords"):
        return False
    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
    return called in TOLD and not (called == "must" and index == 0)


def changes(node: ast.AST, around: Around, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    yield from changed_statement(node)
    if node is getattr(parent, "test", None) or node in getattr(parent, "ifs", ()):
        yield from turned(node)
    if isinstance(node, ast.Compare):
        yield from changed_comparison(node)
    elif isinstance(node, ast.Constant):
        yield from changed_constant(node, around.told)
    elif isinstance(node, ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.AugAssign):
        yield from changed_sum(node, around.told)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield from renamed(node, parent)


def changed_statement(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Return) and node.value is not None and not is_none(node.value):
        yield "return None", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
        yield "left out", ast.Pass()
    elif isinstance(node, ast.Raise):
        yield "not raised", ast.Pass()
    elif isinstance(node, ast.Break):
        yield "break -> continue", ast.Continue()
    elif isinstance(node, ast.Continue):
        yield "continue -> break", ast.Break()


def is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def turned(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A condition upside down; comparisons and "not" are turned as what they are."""
    simple = isinstance(node, ast.Compare) and len(node.ops) == 1
    if not simple and not isinstance(node, ast.UnaryOp):
        yield "condition turned", ast.UnaryOp(ast.Not(), copy.deepcopy(node))


def changed_comparison(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for at, op in enumerate(node.ops):
        for table in (COMPARE, REACH):
            if other := table.get(type(op)):
                new = copy.deepcopy(node)
                new.ops[at] = other()
                yield f"{type(op).__name__} -> {other.__name__}", new


def changed_constant(node: ast.Constant, told: bool) -> Iterator[tuple[str, ast.AST]]:
    held = node.value
    if isinstance(held, bool):
        yield f"{held} -> {not held}", ast.Constant(not held)
    elif isinstance(held, int | float):
        yield f"{held} -> {held + 1}", ast.Constant(held + 1)
    elif isinstance(held, str) and not told:
        yield f"{held!r} changed", ast.Constant(f"XX{held}")
    elif isinstance(held, bytes):
        yield f"{held!r} changed", ast.Constant(b"XX" + held)


def changed_sum(
    node: ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.AugAssign, told: bool
) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not):
            yield "not left out", copy.deepcopy(node.operand)
        return
    new = copy.deepcopy(node)
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
    else:
        other = ARITHMETIC.get(type(node.op))
        if other is None or is_words(node) or told:
            return
    new.op = other()
    yield f"{type(node.op).__name__} -> {other.__name__}", new


def is_words(node: ast.BinOp | ast.AugAssign) -> bool:
    """Texts are put together by + and filled in by %: the other sign is no mistake one makes."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    return any(
        isinstance(s, ast.JoinedStr)
        or (isinstance(s, ast.Constant) and isinstance(s.value, str | bytes))
        or (isinstance(s, ast.Call) and getattr(s.func, "id", "") in TOLD)
        for s in sides
    )


def renamed(node: ast.Name | ast.Attribute, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if not isinstance(parent, ast.Call) or node is not parent.func:
        return
    new, held = copy.deepcopy(node), getattr(node, "id", getattr(node, "attr", ""))
    if other := NAMES.get(held):
        setattr(new, "id" if isinstance(new, ast.Name) else "attr", other)
        yield f"{held} -> {other}", new


def codes(code: CodeType) -> Iterator[CodeType]:
    """A piece of code and all that stands in it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from codes(one)
