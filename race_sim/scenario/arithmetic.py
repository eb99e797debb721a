"""Small expressions as texts: how a default follows from evidence, how one factor of a study follows from others."""

import ast
import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from race_sim.errors import InputError
from race_sim.scenario.text import did_you_mean, nearest, shown

Result = bool | int | float | str

FUNCTIONS = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "max": max,
    "min": min,
    "round": round,
    "sqrt": math.sqrt,
}
_LONGEST = 1000  # characters
_PARTS = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Attribute, ast.Load),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow),
    *(ast.UnaryOp, ast.USub, ast.UAdd, ast.Not, ast.BoolOp, ast.And, ast.Or, ast.IfExp, ast.Call),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
)


def evaluate(expression: str, names: Mapping[str, Result]) -> Result:
    """The value of an expression of numbers, quoted words and the given names, which may be dotted.

    It may use + - * / // % **, comparisons, `and`, `or`, `not`, `A if C else B` and the functions of
    `FUNCTIONS`; round() takes halves to the even side. The result is a finite number, a switch or a word.
    Raises InputError, naming the expression, for anything else.
    """
    wanted = names_in(expression)
    for name in wanted:
        if name not in names:
            raise _refusal(expression, f"unknown name {shown(name)}.{did_you_mean(nearest(name, names))}")
    evaluator = SimpleEval(functions=FUNCTIONS, names=_nested({name: names[name] for name in wanted}))
    try:
        result = evaluator.eval(expression.strip())
    except RecursionError:
        raise _refusal(expression, "is nested too deeply") from None
    except (InvalidExpression, ArithmeticError, TypeError, ValueError) as error:
        raise _refusal(expression, f"cannot be worked out: {error}") from None
    if not isinstance(result, Result) or (isinstance(result, float) and not math.isfinite(result)):
        raise _refusal(expression, "gives no finite number, switch or word")
    return result


def names_in(expression: str) -> tuple[str, ...]:
    """The names an expression uses, dotted ones whole, in order of appearance.

    Raises InputError if the text is not an expression of the kind that `evaluate` takes.
    """
    if len(expression) > _LONGEST:
        raise _refusal(expression, f"is longer than {_LONGEST} characters")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _refusal(expression, "is not an expression") from None
    called = set()
    inner = set()
    found: dict[str, tuple[int, int]] = {}
    for node in ast.walk(tree):  # outer parts come before their inner ones
        if not isinstance(node, _PARTS) or (isinstance(node, ast.Constant) and not isinstance(node.value, Result)):
            raise _refusal(expression, f"may not hold {shown(ast.unparse(node) or type(node).__name__)}")
        if isinstance(node, ast.Call):
            if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
                raise _refusal(expression, f"{ast.unparse(node.func)}() is unknown; there are {', '.join(FUNCTIONS)}")
            called.add(node.func)
        if isinstance(node, ast.Attribute):
            inner.add(node.value)
            if not isinstance(node.value, ast.Name | ast.Attribute):
                raise _refusal(expression, f"may not hold {shown(ast.unparse(node))}")
        if isinstance(node, ast.Name | ast.Attribute) and node not in called and node not in inner:
            found.setdefault(ast.unparse(node), (node.lineno, node.col_offset))
    return tuple(sorted(found, key=lambda name: found[name]))


def _nested(names: Mapping[str, Result]) -> dict[str, Any]:
    """Dotted names as objects with attributes, plain ones as they are."""
    nested: dict[str, Any] = {}
    for name, value in names.items():
        head, *path = name.split(".")
        if not path:
            nested[head] = value
            continue
        place = nested.setdefault(head, SimpleNamespace())
        for part in path[:-1]:
            place = place.__dict__.setdefault(part, SimpleNamespace())
        setattr(place, path[-1], value)
    return nested


def _refusal(expression: str, fault: str) -> InputError:
    return InputError(f"expression {shown(expression)}: {fault}")
