"""The arithmetic of a metric: `a / b`, `(b + d) / (a + c)`. Four operations, nothing else.

The text is parsed once to a small tree; whoever evaluates it (the column engine, the exact
referee, the page that explains a score) brings its own arithmetic.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Protocol, Self, TypeVar

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


_WRITTEN = re.compile(r"(?:[a-z][a-z0-9_]*|[1-9][0-9]*|[-+*/() ])+")


class Arithmetic(Protocol):
    """Values that the four operations work on: fractions, columns, intervals."""

    def __add__(self, other: Any, /) -> Self: ...
    def __sub__(self, other: Any, /) -> Self: ...
    def __mul__(self, other: Any, /) -> Self: ...
    def __truediv__(self, other: Any, /) -> Self: ...


T = TypeVar("T", bound=Arithmetic)


@dataclass(frozen=True)
class Expression:
    """A parsed metric. `text` is what the framework writes; equality is that of the text."""

    text: str

    def __post_init__(self) -> None:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
                continue
            if isinstance(node, ast.Name) and node.id.isascii() and node.id == node.id.lower():
                continue
            if isinstance(node, ast.Constant) and type(node.value) is int:
                continue
            if isinstance(node, ast.operator | ast.expr_context) and type(node) is not ast.Pow:
                continue
            raise self._strange()
        if not _WRITTEN.fullmatch(self.text):
            raise self._strange()

    def _strange(self) -> ValueError:
        return ValueError(
            f"biểu thức {self.text!r} chỉ được dùng tên biến, số nguyên, + - * / và ngoặc đơn"
        )

    @cached_property
    def _tree(self) -> ast.expr:
        try:
            return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise ValueError(f"biểu thức {self.text!r} viết sai cú pháp") from error

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names used, each once, in the order of their first use."""
        names = [node for node in ast.walk(self._tree) if isinstance(node, ast.Name)]
        names.sort(key=lambda node: node.col_offset)
        return tuple(dict.fromkeys(node.id for node in names))

    @property
    def is_whole(self) -> bool:
        """Whether whole figures always give a whole value: nothing is divided."""
        return not any(isinstance(node, ast.Div) for node in ast.walk(self._tree))

    @property
    def is_quotient(self) -> bool:
        """Whether the outermost operation is a division: a part over a whole."""
        return isinstance(self._tree, ast.BinOp) and isinstance(self._tree.op, ast.Div)

    @cached_property
    def quotient(self) -> tuple["Expression", "Expression"] | None:
        """Numerator and denominator where the expression is a division."""
        tree = self._tree
        if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
            return Expression(ast.unparse(tree.left)), Expression(ast.unparse(tree.right))
        return None

    def divisors(self) -> Iterator["Expression"]:
        """Every denominator in the expression."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                yield Expression(ast.unparse(node.right))

    def evaluate(self, values: Mapping[str, T], number: Callable[[Fraction], T]) -> T:
        """Work the expression out over `values`; `number` makes a value of a constant.

        Raises KeyError for a name that `values` lacks and whatever the values' division raises.
        """

        def visit(node: ast.expr) -> T:
            if isinstance(node, ast.Name):
                return values[node.id]
            if isinstance(node, ast.Constant):
                return number(Fraction(int(str(node.value))))
            assert isinstance(node, ast.BinOp)
            left, right = visit(node.left), visit(node.right)
            sign = _SIGNS[type(node.op)]
            if sign == "+":
                return left + right
            if sign == "-":
                return left - right
            return left * right if sign == "*" else left / right

        return visit(self._tree)

    def __str__(self) -> str:
        return self.text


def _parse(value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    if isinstance(value, str):
        return Expression(value)
    raise ValueError(f"{value!r} không phải biểu thức (viết như a / b)")


Metric = Annotated[
    Expression,
    BeforeValidator(_parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string"}),
]
